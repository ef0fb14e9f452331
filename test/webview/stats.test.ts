import assert from "node:assert/strict";
import { test } from "node:test";
import { type OpenPage, usePages } from "./pageHarness.ts";
import { callSummary, counts, resultRow, statsSamples, waterfallRows } from "./samples.ts";

const withPage = usePages();

/** The cells of a row of the table. */
async function cellsOf({ page }: OpenPage, series: string): Promise<string[]> {
  const row = page.locator(".stats-table tr").filter({ has: page.getByText(series, { exact: true }) });
  return row.getByRole("cell").allTextContents();
}

async function cellBecomes({ page }: OpenPage, series: string, cell: number, text: RegExp): Promise<void> {
  const row = page.locator(".stats-table tr").filter({ has: page.getByText(series, { exact: true }) });
  await row.getByRole("cell").nth(cell).and(page.getByText(text)).waitFor();
}

test("stats are drawn in the colours of the theme, and again when it changes", () =>
  withPage(async (opened) => {
    const { page } = opened;
    const samples = statsSamples(60);
    await opened.send({ type: "reset", call: callSummary() }, { type: "stats", samples });
    await opened.showTab("Stats");
    await page.locator(".time-chart canvas").nth(3).waitFor();
    const hasColour = (red: number, green: number, blue: number) =>
      page.waitForFunction(
        (wanted) => {
          const canvas = document.querySelector<HTMLCanvasElement>(".time-chart canvas");
          const pixels = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
          if (!pixels) return false;
          for (let at = 0; at < pixels.length; at += 4) {
            if (pixels[at] === wanted[0] && pixels[at + 1] === wanted[1] && pixels[at + 2] === wanted[2]) return true;
          }
          return false;
        },
        [red, green, blue],
      );
    await hasColour(0xcc, 0xa7, 0x00);
    await page.evaluate(() => document.documentElement.style.setProperty("--vscode-charts-yellow", "#00ff00"));
    await hasColour(0, 255, 0);
    const last = samples.at(-1);
    assert.ok(last);
    const backlog = page.getByRole("row", { name: "Backlog" }).getByRole("cell").first();
    assert.equal(await backlog.textContent(), String(last.backlog));
    await opened.send({ type: "stats", samples: [{ ...last, at: last.at + 500, backlog: 4321 }] });
    await page.getByRole("row", { name: "Backlog" }).getByText("4,321").first().waitFor();
  }));

test("the chosen window of time comes back with a page that was hidden", () =>
  withPage(
    async (opened) => {
      const { page } = opened;
      await opened.send({ type: "reset", call: callSummary() });
      await page.getByRole("button", { name: "5 minutes", pressed: true }).waitFor();
      await page.getByRole("button", { name: "30 minutes" }).click();
      await page.waitForFunction(() => (window.record.state as { statsMinutes?: number }).statsMinutes === 30);
    },
    { state: { functionCallId: callSummary().functionCallId, tab: "Stats", statsMinutes: 5 } },
  ));

test("a finished call whose page was closed has throughput and percentiles, and says what is not known", () =>
  withPage(async (opened) => {
    const { page } = opened;
    const { createdAt } = callSummary();
    const rows = Array.from({ length: 100 }, (_, index) => {
      const startedAt = createdAt + index * 20;
      return resultRow(index, { startedAt, finishedAt: startedAt + (index < 50 ? 10 : 100) });
    });
    const finishedAt = Math.max(...rows.map((row) => row.finishedAt));
    await opened.send({
      type: "reset",
      call: callSummary({ inputs: 100, counts: counts({ SUCCESS: 100 }), finishedAt }),
    });
    await opened.give(...rows);
    await opened.showTab("Stats");
    await page.getByText("Backlog and runners are not known").waitFor();
    assert.equal(await page.locator(".time-chart").count(), 2);
    await cellBecomes(opened, "Execution, p50", 2, /^(9\.9|10|10\.1) ms$/);
    await cellBecomes(opened, "Execution, p99", 2, /^(99|100|101) ms$/);
    assert.match((await cellsOf(opened, "Throughput, inputs/s"))[2] ?? "", /^48$/);
    assert.equal(await page.getByRole("button", { name: "Pause" }).count(), 0);
  }));

test("only the last minutes are shown where the reader wants that", () =>
  withPage(async (opened) => {
    const { page } = opened;
    const { createdAt } = callSummary();
    const slow = resultRow(0, { startedAt: createdAt, finishedAt: createdAt + 5_000 });
    const fast = resultRow(1, { startedAt: createdAt + 600_000, finishedAt: createdAt + 600_100 });
    const [sample] = statsSamples(1);
    assert.ok(sample);
    await opened.send({ type: "reset", call: callSummary() });
    await opened.give(slow, fast);
    const samples = [
      { ...sample, at: createdAt + 1_000, backlog: 900 },
      { ...sample, at: createdAt + 599_000, backlog: 7 },
    ];
    await opened.send({ type: "stats", samples });
    await opened.showTab("Stats");
    await cellBecomes(opened, "Backlog", 1, /^900$/);
    await cellBecomes(opened, "Execution, p99", 2, /^[45](\.\d)? s$/);
    await page.getByRole("button", { name: "1 minute" }).click();
    await cellBecomes(opened, "Backlog", 1, /^7$/);
    await cellBecomes(opened, "Execution, p99", 2, /^(99|100|101) ms$/);
    assert.equal(await page.getByRole("button", { name: "1 minute" }).getAttribute("aria-pressed"), "true");
    await page.getByRole("button", { name: "All", exact: true }).click();
    await cellBecomes(opened, "Backlog", 1, /^900$/);
  }));

test("Pause keeps the charts as they are while the call goes on, and Resume brings them up to date", () =>
  withPage(async (opened) => {
    const { page } = opened;
    const samples = statsSamples(10);
    const last = samples.at(-1);
    assert.ok(last);
    await opened.send({ type: "reset", call: callSummary() }, { type: "stats", samples });
    await opened.give(...waterfallRows(20, 2));
    await opened.showTab("Stats");
    await page.getByRole("button", { name: "Pause" }).click();
    const before = await cellsOf(opened, "Backlog");
    await opened.send({ type: "stats", samples: [{ ...last, at: last.at + 500, backlog: 4321 }] });
    assert.deepEqual(await cellsOf(opened, "Backlog"), before);
    await page.getByRole("button", { name: "Resume" }).click();
    await cellBecomes(opened, "Backlog", 0, /^4,321$/);
  }));

test("the moment under the pointer is shown in all charts and in the table", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await opened.send({ type: "reset", call: callSummary() }, { type: "stats", samples: statsSamples(60) });
    await opened.showTab("Stats");
    const over = page.locator(".time-chart .u-over");
    await over.nth(3).waitFor();
    await over.nth(3).hover({ position: { x: 2, y: 20 } });
    await page.getByRole("columnheader", { name: "Here" }).waitFor();
    await cellBecomes(opened, "Backlog", 0, new RegExp(`^${(3592).toLocaleString("en")}$`));
    await page.mouse.move(2, 2);
    await page.getByRole("columnheader", { name: "Now" }).waitFor();
  }));
