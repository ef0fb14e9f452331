import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { WaterfallWanted } from "../../src/panel/messages.ts";
import { barAt, NAMES_PX, ROW_HEIGHT_PX, TimeScale } from "../../src/webview/waterfall/geometry.ts";
import { around, panned, ticks, zoomed } from "../../src/webview/waterfall/timeAxis.ts";
import { type OpenPage, usePages } from "./pageHarness.ts";
import { callSummary, containerStart, counts, resultRow, waterfallRows } from "./samples.ts";

const withPage = usePages();

const WIDTH_PX = 1_000;

/** A page with a finished map in its waterfall. */
async function showWaterfall(
  opened: OpenPage,
  rows = waterfallRows(200, 4),
  view = ".waterfall-canvas",
): Promise<void> {
  const call = callSummary({
    inputs: rows.length,
    counts: counts({ SUCCESS: rows.length }),
    finishedAt: Math.max(...rows.map(({ finishedAt }) => finishedAt)),
  });
  for (const [container, id] of [...new Set(rows.map(({ containerId }) => containerId))].sort().entries()) {
    opened.times.containers.set(id, { ...containerStart(container), finishedAt: 0 });
  }
  await opened.send({ type: "reset", call });
  await opened.give(...rows);
  await opened.showTab("Waterfall");
  await opened.page.locator(view).waitFor();
  await opened.sentMessage("lookAtWaterfall");
}

/** Waits until the last part of the time that the page asked for meets a condition. */
async function askedFor({ page }: OpenPage, condition: (wanted: WaterfallWanted) => boolean): Promise<WaterfallWanted> {
  for (let known = 0; ; ) {
    const handle = await page.waitForFunction((count) => {
      const looks = window.record.sent.filter((message) => message.type === "lookAtWaterfall");
      return looks.length > count && looks.map(({ wanted }) => wanted);
    }, known);
    const looks = (await handle.jsonValue()) || [];
    const last = looks.at(-1);
    if (last && condition(last)) return last;
    known = looks.length;
  }
}

/** Where on the page a bar of the waterfall is. */
async function placeOf(opened: OpenPage, index: number): Promise<{ x: number; y: number }> {
  const box = await opened.page.locator(".waterfall-canvas").boundingBox();
  assert.ok(box);
  const wanted = { span: undefined, bins: 1_000, firstRow: 0, rows: 100 };
  const window = opened.times.waterfall(wanted);
  const row = window.rows.findIndex(({ bars }) => bars.some((bar) => bar.inputs === 1 && bar.index === index));
  const bar = window.rows[row]?.bars.find((candidate) => candidate.inputs === 1 && candidate.index === index);
  assert.ok(bar, `input ${index} has a bar of its own`);
  const { leftPx, widthPx } = new TimeScale(window.span, box.width).bar(bar);
  return { x: box.x + leftPx + widthPx / 2, y: box.y + (row + 0.5) * ROW_HEIGHT_PX };
}

test("an input's bar says what it is, and opens its result", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await showWaterfall(opened);
    const { x, y } = await placeOf(opened, 100);
    await page.mouse.move(x, y);
    await page.getByText("Input 100").waitFor();
    await page.getByText("Ran 1.4 s").waitFor();
    await page.getByText("Took far longer than the others").waitFor();
    await page.mouse.click(x, y);
    await page.getByLabel("Result 100", { exact: true }).waitFor();
    assert.equal((await opened.sentMessage("value")).index, 100);
    await page.locator(".waterfall-chart").focus();
    await page.keyboard.press("Escape");
    await page.getByLabel("Result 100", { exact: true }).waitFor({ state: "detached" });
  }));

test("stragglers are counted, and opened one after the other", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await showWaterfall(opened);
    await page.getByRole("button", { name: "1 straggler" }).click();
    await page.getByLabel("Result 100", { exact: true }).waitFor();
  }));

test("keys and buttons zoom and move in time, and back to the whole call", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await showWaterfall(opened);
    assert.equal((await askedFor(opened, () => true)).span, undefined);
    await page.locator(".waterfall-chart").focus();
    await page.keyboard.press("+");
    const closer = await askedFor(opened, ({ span }) => span !== undefined);
    assert.ok(closer.span);
    const { from, to } = closer.span;
    await page.keyboard.press("ArrowRight");
    await askedFor(opened, ({ span }) => span !== undefined && span.from > from && span.to > to);
    await page.keyboard.press("Home");
    await askedFor(opened, ({ span }) => span?.from === callSummary().createdAt);
    await page.keyboard.press("End");
    await askedFor(opened, ({ span }) => span?.to === opened.times.summary.finishedAt);
    await page.getByRole("button", { name: "Zoom In" }).click();
    await askedFor(opened, ({ span }) => span !== undefined && span.to - span.from < 0.51 * (to - from));
    await page.getByRole("button", { name: "Show Whole Call" }).click();
    await askedFor(opened, ({ span }) => span === undefined);
  }));

test("what was zoomed to, and the table, come back with a page that was hidden, and are kept as the reader chooses", () => {
  const { functionCallId, createdAt } = callSummary();
  const waterfallSpan = { from: createdAt + 100, to: createdAt + 300 };
  const state = { functionCallId, tab: "Waterfall", waterfallSpan, waterfallIsTable: true };
  return withPage(
    async (opened) => {
      const { page } = opened;
      await showWaterfall(opened, waterfallRows(200, 4), ".waterfall-table");
      await page.getByRole("button", { name: "Show Chart" }).click();
      await askedFor(opened, ({ span }) => span?.from === waterfallSpan.from && span.to === waterfallSpan.to);
      await page.getByRole("button", { name: "Show Whole Call" }).click();
      await page.waitForFunction(() => {
        const kept = window.record.state as { waterfallSpan?: object; waterfallIsTable: boolean };
        return kept.waterfallSpan === undefined && !kept.waterfallIsTable;
      });
    },
    { state },
  );
});

test("dragging moves the time, the wheel with Ctrl zooms where the pointer is", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await showWaterfall(opened);
    const box = await page.locator(".waterfall-canvas").boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + 600, box.y + 300);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -400);
    await page.keyboard.up("Control");
    const { span } = await askedFor(opened, (wanted) => wanted.span !== undefined);
    assert.ok(span);
    await page.mouse.down();
    await page.mouse.move(box.x + 500, box.y + 300, { steps: 4 });
    await page.mouse.up();
    await askedFor(opened, (wanted) => (wanted.span?.from ?? 0) > span.from);
    assert.equal(await page.locator(".result-detail").count(), 0, "dragging opens nothing");
  }));

test("the table says it in words, and opens the longest input of a container", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await showWaterfall(opened);
    await page.getByRole("button", { name: "Show Table" }).click();
    const row = page.getByRole("row").filter({ hasText: "Input 100" });
    await row.waitFor();
    assert.equal(await page.locator(".waterfall-table tbody tr").count(), 4);
    const texts = await page.locator(".waterfall-table tbody tr").first().locator("td").allTextContents();
    assert.deepEqual(texts.slice(0, 2), ["620 ms", "600 ms"]);
    await row.getByRole("button").click();
    await page.getByLabel("Result 100", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Show Chart" }).click();
    await page.locator(".waterfall-canvas").waitFor();
  }));

test("while the call runs it is looked at again and again, and the host is told when it is out of view", () =>
  withPage(async (opened) => {
    const { page } = opened;
    await opened.send({ type: "reset", call: callSummary() });
    await opened.showTab("Waterfall");
    await page.getByText("No input has begun yet.").waitFor();
    opened.times.running = [{ index: 3, containerId: "ta-1", startedAt: callSummary().createdAt + 100 }];
    await page.getByText("No input has begun yet.").waitFor({ state: "detached" });
    await opened.showTab("Logs");
    await page.waitForFunction(() =>
      window.record.sent.some((message) => message.type === "showWaterfall" && !message.isShown),
    );
  }));

test("of 100,000 inputs the page is sent what is in view, and scrolls through the others", () =>
  withPage(async (opened) => {
    const { page } = opened;
    const rows = Array.from({ length: 100_000 }, (_, index) => {
      const startedAt = callSummary().createdAt + 500 + Math.floor(index / 200) * 20;
      return resultRow(index, { startedAt, finishedAt: startedAt + 15, containerId: `ta-${index % 200}` });
    });
    await opened.send({
      type: "reset",
      call: callSummary({
        inputs: 100_000,
        counts: counts({ SUCCESS: 100_000 }),
        finishedAt: rows.at(-1)?.finishedAt,
      }),
    });
    await opened.give(...rows);
    await opened.showTab("Waterfall");
    const { rows: wantedRows } = await askedFor(opened, () => true);
    assert.ok(wantedRows < 60, `${wantedRows} rows`);
    await page.locator(".waterfall-chart").focus();
    for (let press = 0; press < 4; press++) await page.keyboard.press("PageDown");
    await askedFor(opened, ({ firstRow }) => firstRow >= 30);
  }));

test("a container's name is data, whatever it says", () =>
  withPage(async (opened) => {
    const { page } = opened;
    const containerId = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>\u202Egnp';
    const rows = waterfallRows(30, 1).map((row) => ({ ...row, containerId }));
    await showWaterfall(opened, rows);
    const { x, y } = await placeOf(opened, 3);
    await page.mouse.move(x, y);
    await page.locator(".waterfall-hint", { hasText: containerId }).waitFor();
    await page.getByRole("button", { name: "Show Table" }).click();
    await page.locator(".waterfall-table", { hasText: containerId }).waitFor();
    assert.equal(await page.evaluate(() => "harmed" in window), false);
  }));

const spans = fc
  .tuple(fc.nat(10_000), fc.integer({ min: 10, max: 1_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([from, lengthMs, part]) => ({ whole: { from, to: from + lengthMs }, part }));

test("zooming and moving stay within the call, and keep the moment under the pointer", () => {
  const steps = fc.array(
    fc.record({
      factor: fc.double({ min: 0.3, max: 4, noNaN: true }),
      parts: fc.double({ min: -1, max: 1, noNaN: true }),
    }),
  );
  fc.assert(
    fc.property(spans, steps, ({ whole, part }, changes) => {
      let span = whole;
      for (const { factor, parts } of changes) {
        const closer = zoomed(span, whole, factor, part) ?? whole;
        const moved = panned(closer, whole, parts) ?? whole;
        for (const { from, to } of [closer, moved]) assert.ok(from >= whole.from && to <= whole.to + 1e-6 && to > from);
        span = moved;
      }
      const inner = around({ from: whole.from, to: whole.from + 1 }, whole) ?? whole;
      assert.ok(inner.from <= whole.from && inner.to >= whole.from + 1);
    }),
    { seed: 7 },
  );
  const whole = { from: 0, to: 1_000 };
  const closer = zoomed(whole, whole, 4, 0.25);
  assert.deepEqual(closer, { from: 187.5, to: 437.5 });
  assert.equal(zoomed(closer ?? whole, whole, 0.1), undefined, "all of the call");
});

test("times are round and as exact as the steps between them", () => {
  const labels = (from: number, to: number) => ticks({ from, to }, 0, 5).map(({ label }) => label);
  assert.deepEqual(labels(0, 2_000), ["0:00.0", "0:00.5", "0:01.0", "0:01.5", "0:02.0"]);
  assert.deepEqual(labels(59_990, 60_020), ["0:59.99", "1:00.00", "1:00.01", "1:00.02"]);
  assert.deepEqual(labels(0, 600_000), ["0:00", "2:00", "4:00", "6:00", "8:00", "10:00"]);
  fc.assert(
    fc.property(spans, fc.integer({ min: 1, max: 20 }), ({ whole }, most) => {
      const found = ticks(whole, whole.from, most);
      assert.ok(found.length <= most + 1);
      assert.equal(new Set(found.map(({ label }) => label)).size, found.length);
    }),
    { seed: 7 },
  );
});

test("a bar is found where it is drawn, also a short one", () => {
  const bar = { from: 500, to: 500.1, inputs: 1, index: 7, status: "SUCCESS", isStraggler: false, filled: 1 } as const;
  const ready = { from: 0, to: 1_000 };
  const container = { containerId: "ta-1", startup: undefined, ready, inputs: 1, busy: 0, longest: undefined };
  const row = { slot: 0, container, bars: [bar] };
  const rest = { queued: [], inputs: 1, containers: 1, unknownStarts: 0, stragglers: { count: 0, indexes: [] } };
  const window = { whole: ready, span: ready, totalRows: 5, firstRow: 4, rows: [row], stragglerMs: undefined, ...rest };
  const x = new TimeScale(ready, WIDTH_PX).x(500);
  assert.equal(barAt(window, WIDTH_PX, x + 1, 4.5 * ROW_HEIGHT_PX)?.bar, bar);
  assert.equal(barAt(window, WIDTH_PX, x + 10, 4.5 * ROW_HEIGHT_PX), undefined);
  assert.equal(barAt(window, WIDTH_PX, x, 3.5 * ROW_HEIGHT_PX), undefined);
  assert.equal(barAt(window, WIDTH_PX, NAMES_PX - 1, 4.5 * ROW_HEIGHT_PX), undefined);
});
