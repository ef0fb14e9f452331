import assert from "node:assert/strict";
import { test } from "node:test";
import { graphLists } from "../calls/graphLists.ts";
import { usePages } from "./pageHarness.ts";
import { callSummary, counts, logLine, mandelbrotTile, manyRows, resultRow } from "./samples.ts";

const withPage = usePages();

const tenThousand = callSummary({ inputs: 10_000, counts: counts({ SUCCESS: 9980, FAILURE: 20 }) });

const nastyText = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>\u202Egnp.exe\u0000{{x}}';

/** What a page keeps of its views over time until the reader chooses. */
const wholeCall = { statsMinutes: undefined, waterfallSpan: undefined, waterfallIsTable: false };

test("the page says that it is ready and remembers the call it shows", () =>
  withPage(async (opened) => {
    await opened.sentMessage("ready");
    assert.equal(await opened.state(), undefined);
    await opened.send({ type: "reset", call: callSummary() });
    await opened.showTab("Logs");
    assert.deepEqual(await opened.state(), {
      targetId: "local",
      functionCallId: "fc-01JD8Y3RZ4",
      tab: "Logs",
      selection: { status: undefined, text: "", order: { by: "index", descending: false } },
      openedIndex: undefined,
      graphChoices: [],
      topPosition: 0,
      ...wholeCall,
    });
  }));

test("a page that was hidden comes back with the same tab in front", () =>
  withPage(
    async (opened) => {
      const { page } = opened;
      await opened.send({ type: "reset", call: callSummary() });
      await page.locator(".result-filter").waitFor();
      await opened.give(resultRow(0, { kind: "image" }));
      await page.locator(".tile").first().waitFor();
    },
    { state: { targetId: "local", functionCallId: "fc-01JD8Y3RZ4", tab: "Pictures" } },
  ));

test("a page that was hidden comes back with the same rows in their order, and the same one opened", () => {
  const selection = { status: "FAILURE", text: "part", order: { by: "duration", descending: true } } as const;
  const state = { functionCallId: "fc-01JD8Y3RZ4", tab: "Results", selection, openedIndex: 4013, topPosition: 0 };
  return withPage(
    async (opened) => {
      const { page } = opened;
      await opened.send({ type: "reset", call: tenThousand });
      await opened.give(...manyRows(10_000));
      await page.getByText("20 of 10,000").waitFor();
      assert.equal(await page.locator("vscode-textfield input").inputValue(), "part");
      await page.locator('#result-4013[aria-selected="true"]').waitFor();
      await page
        .getByRole("columnheader", { name: "Duration" })
        .and(page.locator('[aria-sort="descending"]'))
        .waitFor();
      await page.getByLabel("Result 4013").waitFor();
      assert.deepEqual(await opened.state(), { ...state, ...wholeCall, targetId: "local", graphChoices: [] });
    },
    { state },
  );
});

test("10,000 rows are all there, and only those in view are drawn", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await opened.send({ type: "reset", call: tenThousand });
    await opened.give(...manyRows(10_000));
    assert.equal(await page.locator(".result-table").getAttribute("aria-rowcount"), "10001");
    const nodes = () => page.evaluate(() => document.querySelectorAll("*").length);
    assert.ok((await nodes()) < 1200, `${await nodes()} elements`);
    await page.locator(".result-table").focus();
    await page.keyboard.press("End");
    await page.locator("#result-9999").waitFor();
    assert.equal((await opened.sentMessage("value")).index, 9999);
    assert.ok((await nodes()) < 1200, `${await nodes()} elements`);
  }));

test("rows that arrive above do not move what the reader looks at", () =>
  withPage(async (opened) => {
    const { page } = opened;
    const rows = manyRows(2000);
    await opened.send({ type: "reset", call: tenThousand });
    await opened.give(...rows.slice(1000));
    await page.locator(".result-rows").evaluate((element) => {
      element.scrollTop = 6000;
    });
    const row = page.locator("#result-1255");
    const before = await row.boundingBox();
    await opened.give(...rows.slice(0, 1000));
    assert.equal(await page.locator(".result-table").getAttribute("aria-rowcount"), "2001");
    assert.deepEqual(await row.boundingBox(), before);
  }));

test("a page that was hidden, or a tab that was left, comes back at the same rows", () => {
  const state = { functionCallId: "fc-01JD8Y3RZ4", tab: "Results", topPosition: 7_000.5 };
  return withPage(
    async (opened) => {
      const { page } = opened;
      const comesTo = (topPx: number) =>
        page.waitForFunction((wanted) => document.querySelector(".result-rows")?.scrollTop === wanted, topPx);
      await opened.send({ type: "reset", call: tenThousand });
      await opened.give(...manyRows(5_000));
      await page.locator("#result-0").waitFor(); // As far as the results go.
      await opened.give(...manyRows(10_000).slice(5_000));
      await comesTo(7_000.5 * 24);
      await page.locator("#result-7001").waitFor();
      await page.locator(".result-rows").evaluate((element) => element.scrollTo(0, 2_400));
      await page.locator("#result-100").waitFor();
      await page.waitForFunction(() => (window.record.state as { topPosition?: number }).topPosition === 100);
      await opened.showTab("Logs");
      await page.locator(".result-rows").waitFor({ state: "detached" });
      await opened.showTab("Results");
      await comesTo(2_400);
      await page.locator("#result-100").waitFor();
    },
    { state },
  );
});

test("rows that come into view use the elements of those that went, and are in order when scrolling has ended", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await opened.send({ type: "reset", call: tenThousand });
    await opened.give(...manyRows(10_000));
    const marked = () => page.locator(".result-row[data-seen]").count();
    await page.locator(".result-row").evaluateAll((rows) => {
      for (const row of rows) row.setAttribute("data-seen", "");
    });
    const before = await marked();
    await page.locator(".result-rows").evaluate((element) => element.scrollTo(0, 2_400));
    await page.locator("#result-100").waitFor();
    assert.ok(before > 20);
    assert.equal(await marked(), before);
    await page.waitForFunction(() => {
      const places = [...document.querySelectorAll(".result-row")].map((row) => Number(row.ariaRowIndex));
      return places.length > 0 && places.every((place, at) => at === 0 || place === (places[at - 1] ?? 0) + 1);
    });
  }));

test("the keys of dictionaries are columns, which sort", () =>
  withPage(async (opened) => {
    const { page } = opened;
    const rows = ["pear", "apple", "fig"].map((name, index) =>
      resultRow(index, { cells: { name, grams: 100 - index } }),
    );
    await opened.send({ type: "reset", call: callSummary() });
    await opened.give(...rows, resultRow(3, { status: "FAILURE", kind: "error", preview: "ValueError: no fruit" }));
    const texts = () => page.locator(".result-row td:nth-child(3)").allTextContents();
    assert.deepEqual(await texts(), ["pear", "apple", "fig", "ValueError: no fruit"]);
    await page.getByRole("button", { name: "name" }).click();
    await page.locator('.result-row[aria-rowindex="2"]', { hasText: "apple" }).waitFor();
    assert.deepEqual((await texts()).toSorted(), ["ValueError: no fruit", "apple", "fig", "pear"]);
    await page.getByRole("button", { name: "grams" }).click();
    await page.locator('.result-row[aria-rowindex="2"]', { hasText: "98" }).waitFor();
    await page.setViewportSize({ width: 460, height: 700 });
    await page.getByRole("button", { name: "Result", exact: true }).waitFor();
  }));

test("keys lead to rows that the page does not have yet", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await opened.send({ type: "reset", call: tenThousand });
    await opened.give(...manyRows(10_000));
    await page.locator(".result-table").focus();
    await page.keyboard.press("End");
    await page.locator('#result-9999[aria-selected="true"]').waitFor();
    await page.keyboard.press("PageUp");
    await page.locator('#result-9979[aria-selected="true"]').waitFor();
    await page.keyboard.press("Home");
    await page.locator('#result-0[aria-selected="true"]').waitFor();
    assert.equal(await page.locator(".result-rows").evaluate(({ scrollTop }) => scrollTop), 0);
  }));

test("the filter finds rows by status and by text", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await opened.send({ type: "reset", call: tenThousand });
    await opened.give(...manyRows(10_000));
    await page.getByRole("button", { name: "Failure" }).click();
    await page.locator('.result-table[aria-rowcount="21"]').waitFor();
    await page.locator("vscode-textfield input").fill("part 4013");
    await page.getByText("1 of 10,000").waitFor();
    assert.equal(await page.locator(".result-row").count(), 1);
    assert.match((await page.locator(".result-row").textContent()) ?? "", /ValueError: no words in part 4013/);
    await page.locator("vscode-textfield input").fill("no such thing");
    await page.getByText("No result matches the filter.").waitFor();
  }));

test("a click opens a result, keys move on, each value is asked for once", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await opened.send({ type: "reset", call: tenThousand });
    await opened.give(...manyRows(100));
    await page.locator("#result-2").click();
    await opened.show(2, { words: 12345678901234567890n });
    const detail = page.locator(".result-detail");
    assert.match((await detail.textContent()) ?? "", /"words": 12345678901234567890/);
    await page.keyboard.press("ArrowDown");
    await detail.getByText("Loading").waitFor();
    await opened.send({ type: "failed", index: 3, message: "The result has expired." });
    await detail.getByText("The result has expired.").waitFor();
    await page.keyboard.press("ArrowUp");
    await detail.getByText("12345678901234567890").waitFor();
    const asked = (await opened.sent()).flatMap((message) => (message.type === "value" ? [message.index] : []));
    assert.deepEqual(asked, [2, 3]);
    await page.getByRole("button", { name: "Open in Editor" }).click();
    assert.deepEqual(await opened.sentMessage("actOnResult"), {
      type: "actOnResult",
      action: "openInEditor",
      index: 2,
    });
    for (const [name, action] of Object.entries({ "Copy Result": "copy", "Save Result": "save" })) {
      await page.getByRole("button", { name }).click();
      assert.deepEqual(await opened.sentMessage("actOnResult"), { type: "actOnResult", action, index: 2 });
    }
    await page.getByRole("button", { name: "Close Result" }).click();
    assert.equal(await detail.count(), 0);
  }));

test("the only result of a call stands alone and is asked for at once", () =>
  withPage(async (opened) => {
    const call = callSummary({ kind: "run", inputs: 1, counts: counts({ SUCCESS: 1 }), finishedAt: Date.now() });
    await opened.send({ type: "reset", call });
    await opened.give(resultRow(0));
    assert.equal((await opened.sentMessage("value")).index, 0);
    await opened.show(0, [1, 2]);
    await opened.page.getByLabel("Result 0").getByText("1,").waitFor();
    assert.equal(await opened.page.locator(".result-table").count(), 0);
  }));

test("cancel, cancel and terminate, and run again reach the extension host", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await opened.send({ type: "reset", call: callSummary() });
    await page.getByRole("button", { name: "Cancel", exact: true }).click();
    assert.equal((await opened.sentMessage("cancel")).terminateContainers, false);
    await page.getByText("Cancelling").waitFor();
    await page.getByRole("button", { name: "Cancel and Terminate Containers" }).click();
    await page.waitForFunction(() => window.record.sent.filter((message) => message.type === "cancel").length === 2);
    assert.equal((await opened.sentMessage("cancel")).terminateContainers, true);
    await opened.send({
      type: "call",
      call: callSummary({ finishedAt: Date.now(), counts: counts({ TERMINATED: 10 }) }),
    });
    await page.getByText("Cancelled, 10 terminated").waitFor();
    await page.getByRole("button", { name: "Run Again" }).click();
    assert.equal((await opened.sentMessage("act")).action, "runAgain");
  }));

test("the header says where the time went, and offers what can be done", () =>
  withPage(async (opened) => {
    const { page } = opened;
    const createdAt = Date.now() - 3 * 3_600_000;
    const times = { queuedMs: 900, startupMs: 400, executionMs: 25 };
    const some = { environmentName: "dev", createdAt, finishedAt: createdAt + 2_000, times };
    const call = callSummary({ ...some, counts: counts({ SUCCESS: 8, FAILURE: 2 }) });
    await opened.send({ type: "reset", call });
    const header = page.locator(".call-header");
    for (const text of ["dev", "3 hours ago", "Queue 500 ms", "Start-up 400 ms", "Execution 25 ms"]) {
      await header.getByText(text).first().waitFor();
    }
    const actions = {
      "Run Failed Inputs Again": "runFailedInputsAgain",
      "Copy ID": "copyId",
      "Export Results": "exportResults",
    };
    for (const [name, action] of Object.entries(actions)) {
      await page.getByRole("button", { name }).click();
      assert.equal((await opened.sentMessage("act")).action, action);
    }
    await opened.send({
      type: "call",
      call: { ...call, times: { ...times, startupMs: 0 }, counts: counts({ SUCCESS: 10 }) },
    });
    await header.getByText("Queue 900 ms").waitFor();
    assert.equal(await header.getByText("Start-up").count(), 0);
    assert.equal(await page.getByRole("button", { name: "Run Failed Inputs Again" }).count(), 0);
  }));

test("a target that is away and a request that failed are said in a sentence", () =>
  withPage(async (opened) => {
    const { page } = opened;
    const problem = "The local engine does not answer; trying again.";
    await opened.send({ type: "reset", call: callSummary({ problem }) });
    await opened.give(resultRow(0));
    await page.getByText(problem).waitFor();
    assert.equal(await page.locator(".result-row").count(), 1);
    await opened.send({ type: "call", call: callSummary() }, { type: "failed", message: "The call is gone." });
    assert.equal(await page.getByText(problem).count(), 0);
    await page.getByRole("alert").getByText("The call is gone.").waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();
    assert.equal(await page.getByRole("alert").count(), 0);
  }));

test("markup and control characters from a function are data, everywhere", () =>
  withPage(async (opened) => {
    const { page } = opened;
    const rows = [0, 1, 2].map((index) =>
      resultRow(index, { preview: nastyText, containerId: nastyText, inputId: nastyText, kind: "text" }),
    );
    await opened.send(
      { type: "reset", call: callSummary({ appName: nastyText, functionName: nastyText, problem: nastyText }) },
      { type: "logs", lines: [logLine(`${nastyText}\n`)] },
      { type: "failed", message: nastyText },
    );
    await opened.give(...rows);
    await page.locator("#result-0").click();
    await opened.show(0, nastyText);
    assert.equal(await page.locator(".detail-body").textContent(), nastyText);
    await page.locator("#result-1").click();
    await opened.showFailure(1, { exception: nastyText, traceback: nastyText });
    await page.locator("#result-2").click();
    await opened.show(2, [nastyText]);
    assert.match((await page.locator(".detail-body").textContent()) ?? "", /<script>window\.harmed=1<\/script>/);
    opened.giveGraph(graphLists({ functionName: nastyText, moduleName: nastyText }));
    for (const tab of ["Call Graph", "Logs"]) {
      await opened.showTab(tab);
      await page.getByText("<script>").first().waitFor();
    }
    assert.equal(await page.locator("main script, main img").count(), 0);
    assert.equal(await page.evaluate(() => "harmed" in window), false);
  }));

test("pictures appear in their places as they arrive, and their memory is given back", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await page.evaluate(() => {
      const revoke = URL.revokeObjectURL.bind(URL);
      const revoked: string[] = [];
      Object.assign(window, { revoked });
      URL.revokeObjectURL = (url) => {
        revoked.push(url);
        revoke(url);
      };
    });
    const call = callSummary({ inputs: 16, counts: counts({ SUCCESS: 3, FAILURE: 1, PENDING: 12 }) });
    const image = (index: number) => resultRow(index, { kind: "image", preview: "PNG image, 24 × 24" });
    await opened.send({ type: "reset", call });
    assert.equal(await page.getByRole("tab", { name: "Pictures" }).count(), 0);
    await opened.give(image(9), image(0), resultRow(3, { status: "FAILURE", kind: "error" }));
    await opened.showTab("Pictures");
    await page.locator(".tile").nth(15).waitFor();
    assert.equal(await page.locator(".mosaic-row").count(), 4);
    await opened.give(image(5));
    await page.waitForFunction(() => window.record.sent.filter((message) => message.type === "value").length === 3);
    for (const index of [0, 5, 9]) {
      await opened.show(index, mandelbrotTile(index, 4, 24));
    }
    const drawn = () =>
      page.evaluate(() =>
        [...document.querySelectorAll(".tile")].flatMap((tile, index) =>
          tile.querySelector("img")?.naturalWidth === 24 ? [index] : [],
        ),
      );
    await page.waitForFunction(
      () => [...document.querySelectorAll("img")].filter((img) => img.naturalWidth).length === 3,
    );
    assert.deepEqual(await drawn(), [0, 5, 9]);
    assert.equal(await page.locator(".tile").nth(3).locator(".codicon-error").count(), 1);
    await opened.showTab("Stats");
    await page.waitForFunction(() => (window as unknown as { revoked: string[] }).revoked.length === 3);
  }));

test("tiles meet without a gap", () =>
  withPage(async (opened) => {
    const call = callSummary({ inputs: 64, counts: counts({ SUCCESS: 64 }) });
    const rows = Array.from({ length: 64 }, (_, index) => resultRow(index, { kind: "image" }));
    await opened.send({ type: "reset", call });
    await opened.give(...rows);
    await opened.showTab("Pictures");
    await opened.page.locator(".tile").nth(63).waitFor();
    const boxes = await opened.page
      .locator(".tile")
      .evaluateAll((tiles) => tiles.map((tile) => tile.getBoundingClientRect().toJSON()));
    for (const [index, box] of boxes.entries()) {
      const right = index % 8 < 7 ? boxes[index + 1] : undefined;
      if (right) assert.equal(right.left, box.right);
      const below = boxes[index + 8];
      if (below) assert.equal(below.top, box.bottom);
    }
  }));

test("logs follow the end until the reader scrolls up", () =>
  withPage(async (opened) => {
    const { page } = opened;
    const lines = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, line) => logLine(`line ${from + line}\n`));
    await opened.send({ type: "reset", call: callSummary() }, { type: "logs", lines: lines(0, 500) });
    await opened.showTab("Logs");
    await page.getByText("line 499", { exact: true }).waitFor();
    await opened.send({ type: "logs", lines: lines(500, 900) });
    await page.getByText("line 899", { exact: true }).waitFor();
    await page.locator(".log-lines").evaluate((element) => {
      element.scrollTop = 4000;
    });
    await page.getByText("line 205", { exact: true }).waitFor();
    await opened.send({ type: "logs", lines: lines(900, 1000) });
    assert.equal(await page.locator(".log-lines").evaluate((element) => element.scrollTop), 4000);
    assert.ok((await page.locator(".log-line").count()) < 100);
  }));

test("tabs can be reached and changed with the keyboard", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await opened.send({ type: "reset", call: callSummary() }, { type: "logs", lines: [logLine("printed\n")] });
    await page.getByRole("tab", { name: "Results" }).focus();
    const tabs = await page.getByRole("tab").count();
    for (let press = 1; press < tabs; press++) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.getByText("printed").waitFor();
  }));

test("everything can be reached on a narrow page, and on a low one", () =>
  withPage(
    async (opened) => {
      const { page } = opened;
      const name = "a_name_without_a_break".repeat(10);
      const call = callSummary({ functionName: name, appName: name, problem: name, inputs: 10_000 });
      await opened.send({ type: "reset", call });
      await opened.give(...manyRows(100));
      await page.locator("#result-2").click();
      await opened.show(2, { words: 12 });
      const hidden = await page
        .locator("main button, vscode-button, vscode-tab-header, td.preview-column")
        .evaluateAll((elements) =>
          elements.flatMap((element) => {
            const { left, right, width } = element.getBoundingClientRect();
            const isThere = element.checkVisibility({ visibilityProperty: true });
            return !isThere || (left >= 0 && right <= innerWidth && width >= 16) ? [] : [element.outerHTML];
          }),
        );
      assert.deepEqual(hidden, []);
      await opened.page.setViewportSize({ width: 600, height: 320 });
      const text = page.locator(".detail-body").getByText("12");
      await text.scrollIntoViewIfNeeded();
      const place = await text.evaluate((element) => {
        const { left, top } = element.getBoundingClientRect();
        return document.elementFromPoint(left + 1, top + 1) === element;
      });
      assert.equal(place, true);
    },
    { widthPx: 300, heightPx: 640 },
  ));

test("nothing moves for those who asked for less motion, by the system or by VS Code", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await opened.send({ type: "reset", call: callSummary() });
    const turns = () => page.locator(".codicon-sync").evaluate((icon) => getComputedStyle(icon).animationDuration);
    assert.notEqual(await turns(), "0s");
    await page.emulateMedia({ reducedMotion: "reduce" });
    assert.equal(await turns(), "0s");
    await page.emulateMedia({ reducedMotion: "no-preference" });
    assert.notEqual(await turns(), "0s");
    await page.evaluate(() => document.body.classList.add("vscode-reduce-motion"));
    assert.equal(await turns(), "0s");
  }));
