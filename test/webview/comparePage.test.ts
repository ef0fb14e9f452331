import assert from "node:assert/strict";
import { test } from "node:test";
import { output } from "../calls/fakeServer.ts";
import { compareCalls } from "./comparedCalls.ts";
import { usePages } from "./pageHarness.ts";
import { mandelbrotTile } from "./samples.ts";

const withPage = usePages("compare/main.tsx");

const nastyText = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>\u202Egnp.exe\u0000{{x}}';

const cloud = { targetId: "profile:main", targetName: "main" };

test("two calls stand side by side, and of an input both results, with the places where they differ", () =>
  withPage(async (opened) => {
    const { page } = opened;
    const asked = await compareCalls(
      opened,
      { outputs: [output(0, { words: 3 }), output(1, { words: 4, long: ["a"] }), output(2, 1)] },
      { record: cloud, outputs: [output(0, { words: 3 }), output(1, { long: ["a"], words: 5 })] },
    );
    await page.getByRole("button", { name: "Different 1" }).waitFor();
    await page.getByRole("button", { name: "Only in Local 1" }).waitFor();
    await page.getByRole("button", { name: "All 3" }).waitFor();
    assert.equal(await page.locator(".result-row").count(), 3);
    await page.getByRole("button", { name: "Different 1" }).click();
    await page.waitForFunction(() => document.querySelectorAll(".result-row").length === 1);
    await page.locator("#compared-1").click();
    const differences = page.locator(".difference-table tbody tr");
    await differences.waitFor();
    assert.deepEqual(await differences.locator("th, td").allTextContents(), ['["words"]', "4", "5"]);
    await page.getByRole("region", { name: "main" }).getByText('"words": 5').waitFor();
    await page.getByRole("button", { name: "Open Differences" }).click();
    await page.getByRole("region", { name: "Left Call" }).getByRole("button", { name: "count_words" }).click();
    await page.getByRole("button", { name: "Swap Left and Right" }).click();
    await page.waitForFunction(() => window.record.sent.some((message) => message.type === "swap"));
    assert.deepEqual(asked, ["openDifferences 1", "showCall left", "swap"]);
  }));

test("what was chosen and opened is there again after a reload", () =>
  withPage(
    async (opened) => {
      const outputs = (value: number) => [output(0, 0), output(7, value)];
      await compareCalls(opened, { outputs: outputs(1) }, { outputs: outputs(2) });
      await opened.page.locator('#compared-7[aria-selected="true"]').waitFor();
      await opened.page.locator(".difference-table").getByText("The value").waitFor();
      assert.deepEqual(await opened.state(), {
        calls: {
          left: { functionCallId: "fc-left", targetId: "local" },
          right: { functionCallId: "fc-right", targetId: "local" },
        },
        verdict: "different",
        openedIndex: 7,
      });
    },
    {
      state: {
        calls: {
          left: { functionCallId: "fc-left", targetId: "local" },
          right: { functionCallId: "fc-right", targetId: "local" },
        },
        verdict: "different",
        openedIndex: 7,
      },
    },
  ));

test("of 10,000 inputs only the rows in view are on the page, and the keys go through all of them", () =>
  withPage(async (opened) => {
    const { page } = opened;
    const outputs = (change: number) =>
      Array.from({ length: 10_000 }, (_, index) => output(index, index % 100 === 0 ? index + change : index));
    await compareCalls(opened, { outputs: outputs(0) }, { outputs: outputs(1) });
    await page.getByRole("button", { name: "Different 100", exact: true }).waitFor();
    const table = page.getByRole("grid", { name: "Compared Results" });
    await table.focus();
    await page.keyboard.press("End");
    await page.locator('#compared-9999[aria-selected="true"]').waitFor();
    assert.ok((await page.locator(".result-row").count()) < 100);
    await page.keyboard.press("ArrowUp");
    await page.locator('#compared-9998[aria-selected="true"]').waitFor();
    await page.getByRole("button", { name: "Different 100", exact: true }).click();
    await page.locator("#compared-100").waitFor();
    await table.focus();
    for (const index of [0, 100, 200]) {
      await page.keyboard.press("ArrowDown");
      await page.locator(`#compared-${index}[aria-selected="true"]`).waitFor();
    }
    await page.keyboard.press("Escape");
    await page.locator(".compare-pair").waitFor({ state: "detached" });
  }));

test("pictures and failures are shown beside each other, and a traceback leads to its line", () =>
  withPage(async (opened) => {
    const { page } = opened;
    const traceback = 'Traceback (most recent call last):\n  File "/app/a.py", line 7, in f\nValueError: no';
    const asked = await compareCalls(
      opened,
      { outputs: [output(0, mandelbrotTile(0, 2, 24)), output(1, 1)] },
      {
        outputs: [
          output(0, mandelbrotTile(1, 2, 24)),
          output(1, null, { status: "FAILURE", exception: "ValueError('no')", traceback }),
        ],
      },
    );
    await page.locator("#compared-0").click();
    await page.waitForFunction(
      () => [...document.querySelectorAll("img")].filter((picture) => picture.naturalWidth === 24).length === 2,
    );
    assert.equal(await page.locator(".difference-table").count(), 0);
    await page.locator("#compared-1").click();
    await page.getByRole("button", { name: /a\.py/ }).click();
    await page.waitForFunction(() => window.record.sent.some((message) => message.type === "openFile"));
    assert.deepEqual(asked, ["openFile /app/a.py 7"]);
  }));

test("names and values are shown as data, whatever they contain", () =>
  withPage(async (opened) => {
    const { page } = opened;
    const record = { functionName: nastyText, appName: nastyText, targetName: nastyText };
    const value = { [nastyText]: nastyText };
    await compareCalls(
      opened,
      { record, outputs: [output(0, value), output(1, nastyText)] },
      { record: { ...record, functionName: `${nastyText}2` }, outputs: [output(0, { [nastyText]: 1 }), output(1, "")] },
    );
    for (const index of [0, 1]) {
      await page.locator(`#compared-${index}`).click();
      await page.locator(".difference-table").getByText("<script>").first().waitFor();
    }
    assert.equal(await page.locator("main script, main img").count(), 0);
    assert.equal(await page.evaluate(() => "harmed" in window), false);
  }));

test("two calls that gave the same say so", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await compareCalls(opened, { outputs: [output(0, Number.NaN)] }, { outputs: [output(0, Number.NaN)] });
    await page.getByRole("button", { name: "Same 1" }).waitFor();
    await page.getByRole("button", { name: "Different 0" }).click();
    await page.getByText("No result differs.").waitFor();
  }));
