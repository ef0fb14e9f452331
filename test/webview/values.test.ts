import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { type OpenPage, usePages } from "./pageHarness.ts";
import { callSummary, mandelbrotTile, resultRow } from "./samples.ts";

const withPage = usePages();

/** Opens a page with one result in full. */
function withValue(value: unknown, body: (page: Page) => Promise<void>): Promise<void> {
  return withDetail(async (opened) => {
    await opened.show(0, value);
    await body(opened.page);
  });
}

function withDetail(body: (opened: OpenPage) => Promise<void>): Promise<void> {
  return withPage(async (opened) => {
    await opened.send({ type: "reset", call: callSummary() });
    await opened.give(resultRow(0));
    await opened.page.locator("#result-0").click();
    await body(opened);
    assert.equal(await opened.page.evaluate(() => "harmed" in window), false);
  });
}

const detail = ".detail-body";
const textOf = async (page: Page) => (await page.locator(detail).textContent()) ?? "";

test("text is text, with every character", () =>
  withValue("plain\n\ttext", async (page) => {
    assert.equal(await textOf(page), "plain\n\ttext");
  }));

test("bytes are shown in hexadecimal, by pieces", () => {
  const bytes = new Uint8Array(70_000);
  bytes.set(new TextEncoder().encode("PK\u0003\u0004head"));
  bytes[69_999] = 0xee;
  return withValue(bytes, async (page) => {
    assert.match(await textOf(page), /000000 {2}50 4b 03 04 68 65 61 64 .*PK\.\.head/);
    await page.getByRole("button", { name: "the first 4 KiB of 68.4 KiB" }).click();
    await page.getByText("001000  00 00").waitFor();
    await page.getByRole("button", { name: "Show more" }).click();
    await page.locator(".bytes-piece").nth(2).getByText(/ ee /).waitFor();
    assert.equal(await page.getByRole("button", { name: "Show more" }).count(), 0);
  });
});

test("pictures are drawn, and sounds can be played", async () => {
  await withValue(mandelbrotTile(0, 1, 32), async (page) => {
    await page.waitForFunction(() => document.querySelector<HTMLImageElement>(".detail-body img")?.naturalWidth === 32);
    assert.equal(await page.getByRole("button", { name: "Copy Result" }).count(), 0);
  });
  await withValue(silence(), async (page) => {
    await page.waitForFunction(() => document.querySelector("audio")?.duration === 1);
  });
});

test("a picture that is a document runs nothing and loads nothing", () => {
  const script =
    '<script>top.harmed=1</script><image href="http://127.0.0.1:1/x"/><foreignObject><img src="x" onerror="top.harmed=1"/></foreignObject>';
  const svg = `<?xml version="1.0"?><!-- a --><svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" onload="top.harmed=1">${script}</svg>`;
  return withValue(svg, async (page) => {
    await page.waitForFunction(() => document.querySelector<HTMLImageElement>(".detail-body img")?.naturalWidth === 40);
    await page.getByRole("button", { name: "Copy Result" }).waitFor();
  });
});

test("data is text and a tree, which opens a level at a time and by pieces", () =>
  withValue({ list: Array.from({ length: 250 }, (_, index) => index), "a b": { c: null } }, async (page) => {
    assert.match(await textOf(page), /"a b": \{/);
    await page.getByRole("button", { name: "Tree" }).click();
    const item = (name: string | RegExp) => page.getByRole("treeitem", { name });
    await page.getByRole("treeitem").first().focus();
    await page.keyboard.press("ArrowRight");
    await item(/^list/).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await item(/^99: /).waitFor();
    assert.equal(await item(/^100: /).count(), 0);
    await item(/150 are hidden/).click();
    await item(/^199: /).waitFor();
    await item(/^list/).focus();
    await page.keyboard.press("ArrowLeft");
    await item(/^0: /).waitFor({ state: "detached" });
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowRight");
    await item("c: null").waitFor();
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-level")), "3");
    await page.keyboard.press("Home");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-level")), "1");
  }));

test("a list of dictionaries is a table, by pieces", () => {
  const records = Array.from({ length: 150 }, (_, index) => ({ name: `n${index}`, ...(index % 2 && { odd: true }) }));
  return withValue(records, async (page) => {
    await page.getByRole("columnheader", { name: "odd" }).waitFor();
    const row = page.locator(".record-table tbody tr").nth(1);
    await row.waitFor();
    assert.deepEqual(await row.locator("th, td").allTextContents(), ["1", "n1", "true"]);
    assert.equal(await page.locator(".record-table tbody tr").count(), 100);
    await page.getByRole("button", { name: "50 are hidden" }).click();
    await page.getByText("n149").waitFor();
    await page.getByRole("button", { name: "Text" }).click();
    await page.locator(".long-text").getByText('"n0"').waitFor();
  });
});

test("a traceback leads to the lines that it names", () => {
  const traceback =
    'Traceback (most recent call last):\n  File "/app/my file.py", line 12, in f\n    g()\nValueError: no';
  return withDetail(async (opened) => {
    await opened.showFailure(0, { exception: "ValueError: no", traceback });
    assert.equal(await textOf(opened.page), `ValueError: no${traceback}\n`);
    await opened.page.getByRole("button", { name: "my file.py" }).click();
    assert.deepEqual(await opened.sentMessage("openFile"), { type: "openFile", path: "/app/my file.py", line: 12 });
  });
});

test("a text of 100 MB without a break comes by pieces", () =>
  withValue("x".repeat(100_000_000), async (page) => {
    const shown = () => page.locator(".long-text").evaluate((element) => element.textContent?.length);
    assert.equal(await shown(), 20_000);
    await page.getByRole("button", { name: "99,980,000 characters are hidden" }).click();
    await page.getByRole("button", { name: "99,780,000 characters are hidden" }).waitFor();
    assert.equal(await shown(), 220_000);
    const isTooWide = await page.locator(detail).evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
    assert.equal(isTooWide, false);
  }));

test("what is nested deeply is cut as text, and a tree to any depth", () => {
  let value: unknown = "core";
  for (let depth = 0; depth < 3_000; depth++) value = [value];
  return withValue(value, async (page) => {
    assert.match(await textOf(page), /\[…\]/);
    await page.getByRole("button", { name: "Tree" }).click();
    await page.getByRole("treeitem").first().focus();
    for (let depth = 1; depth < 60; depth++) {
      await page.keyboard.press("ArrowRight");
      await page.locator(`[aria-level="${depth + 1}"]`).waitFor();
      await page.keyboard.press("ArrowDown");
    }
  });
});

test("markup, scripts and terminal escapes in keys and values are data", () => {
  const nasty = '<img src=x onerror="top.harmed=1">\u001b[31m\u202e{{x}}';
  return withValue([{ [nasty]: nasty }, JSON.parse('{"__proto__": 1}')], async (page) => {
    assert.equal(await page.locator(".record-table thead th").nth(1).textContent(), nasty);
    await page.getByRole("button", { name: "Tree" }).click();
    await page.getByRole("treeitem").first().focus();
    await page.keyboard.press("ArrowRight");
    await page.locator('[aria-level="2"]').first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.locator('[aria-level="3"]').waitFor();
    assert.match((await page.locator('[aria-level="3"]').textContent()) ?? "", /<img src=x onerror/);
    assert.equal(await page.locator("main img").count(), 0);
  });
});

/** A second of nothing, as a WAV file: https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html */
function silence(): Uint8Array {
  const samples = 8_000;
  const file = Buffer.alloc(44 + samples, 0x80);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(36 + samples, 4);
  file.write("WAVEfmt ", 8, "latin1");
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(samples, 24);
  file.writeUInt32LE(samples, 28);
  file.writeUInt16LE(1, 32);
  file.writeUInt16LE(8, 34);
  file.write("data", 36, "latin1");
  file.writeUInt32LE(samples, 40);
  return Uint8Array.from(file);
}
