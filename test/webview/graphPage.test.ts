import assert from "node:assert/strict";
import { test } from "node:test";
import { callForest } from "../../src/calls/callForest.ts";
import { graphOutline } from "../../src/calls/graphOutline.ts";
import type { CallGraphLists } from "../../src/client/index.ts";
import type { HostMessage } from "../../src/panel/messages.ts";
import { graphLists, times, wordCountGraph } from "../calls/graphLists.ts";
import { type OpenPage, usePages } from "./pageHarness.ts";
import { callSummary, resultRow } from "./samples.ts";

const withPage = usePages();

function graphMessage(lists: CallGraphLists): HostMessage {
  return { type: "graph", outline: graphOutline(callForest(lists), []) };
}

async function showGraph(
  opened: OpenPage,
  lists = wordCountGraph(),
  functionCallId = "fc-count_library",
): Promise<void> {
  opened.giveGraph(lists);
  await opened.send({ type: "reset", call: callSummary({ functionCallId }) });
  await opened.showTab("Call Graph");
  await opened.page.locator(".graph-box").first().waitFor();
}

test("a box leads to its source, its call and its logs", () =>
  withPage(async (opened) => {
    await showGraph(opened);
    const { page } = opened;
    assert.equal(await page.getByRole("treeitem").count(), 8);
    assert.equal(await page.locator(".graph-edges path").count(), 7);
    const folded = page.getByRole("treeitem", { name: /^count_part 12 calls .*288 success, 12 pending/ });
    await folded.hover();
    await folded.getByRole("button", { name: "Go to Definition" }).click();
    assert.deepEqual(await opened.sentMessage("actOnCall"), {
      type: "actOnCall",
      action: "goToDefinition",
      functionCallId: "fc-part-0",
    });
    const merge = page.getByRole("treeitem", { name: /^merge_counts/ });
    await merge.hover();
    await merge.getByRole("button", { name: "Follow Logs" }).click();
    await page.waitForFunction(() =>
      window.record.sent.some((sent) => "action" in sent && sent.action === "followLogs"),
    );
    await merge.getByRole("button", { name: "Show Results" }).click();
    await page.waitForFunction(() => window.record.sent.some((sent) => "action" in sent && sent.action === "showCall"));
  }));

test("a map is one box until it is opened, then a window of its inputs, and an input leads to its result", () =>
  withPage(async (opened) => {
    const statuses = [...times(9_999, "SUCCESS"), ...times(1, "FAILURE")];
    await showGraph(opened, graphLists({ functionName: "square", functionCallId: "fc-1", statuses }), "fc-1");
    const { page } = opened;
    await opened.give(resultRow(9_999, { inputId: "in-1-9999", status: "FAILURE", kind: "error" }), resultRow(3));
    assert.equal(await page.getByRole("treeitem").count(), 1);
    await page.getByRole("button", { name: "10,000 inputs" }).click();
    await page.getByText("1–20 of 10,000").waitFor();
    assert.equal(await page.getByRole("treeitem").count(), 22);
    await page.getByRole("button", { name: "Show Later" }).click();
    await page.getByText("21–40 of 10,000").waitFor();
    await page.getByRole("button", { name: "Show Earlier" }).click();
    const failed = page.getByRole("treeitem", { name: /^in-1-9999 .*1 failure/ });
    await failed.focus();
    await page.keyboard.press("Enter");
    await page.locator('#result-9999[aria-selected="true"]').waitFor();
    assert.equal(await page.locator("vscode-textfield input").inputValue(), "in-1-9999");
  }));

test("a box that is opened stays where it is, and what is below it is there to scroll to", () =>
  withPage(async (opened) => {
    await showGraph(opened);
    const { page } = opened;
    const fold = page.getByRole("button", { name: "54 inputs" });
    const before = await fold.boundingBox();
    await fold.click();
    await page.getByText("1–20 of 54").waitFor();
    const after = await fold.boundingBox();
    assert.ok(before && after);
    assert.ok(Math.abs(after.y - before.y) <= 2, `${before.y} to ${after.y}`);
  }));

test("the keys go through the graph as through a tree, open what is folded and fold it again", () =>
  withPage(async (opened) => {
    await showGraph(opened);
    const { page } = opened;
    const press = async (key: string, functionCallId: string) => {
      await page.keyboard.press(key);
      await page.waitForFunction((id) => document.activeElement?.id === id, `graph-box-${functionCallId}`);
    };
    await page.getByRole("treeitem").first().focus();
    await press("ArrowRight", "fc-alice");
    await press("ArrowRight", "fc-alice-parts");
    await press("End", "fc-merge_counts");
    await press("ArrowLeft", "fc-count_library");
    await page.keyboard.press("ArrowLeft");
    await page.waitForFunction(() => document.querySelectorAll('[role="treeitem"]').length === 1);
    assert.equal(await page.locator(":focus").getAttribute("aria-expanded"), "false");
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(() => document.querySelectorAll('[role="treeitem"]').length === 8);
    await press("ArrowDown", "fc-alice");
    await page.keyboard.press("Space");
    await page.getByText("1–20 of 40").waitFor();
    await press("End", "fc-merge_counts");
    await press("Home", "fc-count_library");
    assert.equal(await page.locator('[role="treeitem"][tabindex="0"]').count(), 1);
  }));

test("the first failure comes into view, and the others can be gone to", () =>
  withPage(
    async (opened) => {
      const calls = (failing: boolean) =>
        Array.from({ length: 20 }, (_, call) => ({
          functionName: `step_${call}`,
          statuses: failing && (call === 13 || call === 19) ? (["FAILURE"] as const) : (["PENDING"] as const),
        }));
      await showGraph(opened, graphLists({ functionName: "main", statuses: ["PENDING"], calls: calls(false) }));
      const { page } = opened;
      const isInView = (name: string) =>
        page.locator(`#graph-box-fc-${name}`).evaluate((node) => {
          const room = node.closest(".graph-scroller")?.getBoundingClientRect();
          const { top, bottom } = node.getBoundingClientRect();
          return room !== undefined && top >= room.top && bottom <= room.bottom;
        });
      assert.equal(await isInView("step_13"), false);
      assert.equal(await page.getByRole("button", { name: "Show Next Failure" }).count(), 0);
      await opened.send(graphMessage(graphLists({ functionName: "main", statuses: ["PENDING"], calls: calls(true) })));
      assert.equal(await isInView("step_13"), true);
      assert.equal(await page.locator(".graph-edges .graph-failing").count(), 2);
      await page.getByRole("button", { name: "Show Next Failure" }).click();
      await page.getByRole("button", { name: "Show Next Failure" }).click();
      assert.equal(await isInView("step_19"), true);
      assert.match((await page.locator(":focus").textContent()) ?? "", /^step_19.*leads to a failure/);
    },
    { widthPx: 800, heightPx: 420 },
  ));

test("a graph that is not whole says so, and shows what is left", () =>
  withPage(async (opened) => {
    const { inputs } = graphLists({ functionName: "lost", functionCallId: "fc-lost" });
    const told = { functionCallId: "fc-lost", parentInputId: "in-gone", functionName: "lost", moduleName: "m" };
    const empty = { functionCallId: "fc-empty", parentInputId: "", functionName: "empty", moduleName: "m" };
    await showGraph(opened, { inputs, functionCalls: [told, empty] });
    const { page } = opened;
    await page.getByText("This call graph is not whole.").waitFor();
    await page.getByRole("treeitem", { name: /^Forgotten inputs/ }).waitFor();
    await page.getByRole("treeitem", { name: /^lost .*1 success/ }).waitFor();
    await page.getByRole("treeitem", { name: /^empty .*No longer known/ }).waitFor();
  }));

test("the graph fits the page until the reader zooms, and its background can be dragged", () =>
  withPage(
    async (opened) => {
      await showGraph(opened);
      const { page } = opened;
      const scroller = page.locator(".graph-scroller");
      const scrolls = () => scroller.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
      assert.equal(await scrolls(), false);
      for (const _ of Array(4)) await page.getByRole("button", { name: "Zoom In" }).click();
      assert.equal(await scrolls(), true);
      await scroller.evaluate((element) => element.scrollTo(100, 0));
      const box = await scroller.boundingBox();
      assert.ok(box);
      await page.mouse.move(box.x + 40, box.y + 4);
      await page.mouse.down();
      await page.mouse.move(box.x + 100, box.y + 4, { steps: 3 });
      await page.mouse.up();
      assert.equal(await scroller.evaluate((element) => element.scrollLeft), 40);
      await page.getByRole("button", { name: "Fit to Page" }).click();
      assert.equal(await scrolls(), false);
    },
    { widthPx: 720, heightPx: 800 },
  ));

test("a page that was hidden comes back with what was opened in the graph", () => {
  const graphChoices = [{ key: "fc-count_library", isExpanded: false }];
  const state = { functionCallId: "fc-count_library", tab: "Call Graph", graphChoices };
  return withPage(
    async (opened) => {
      await showGraph(opened);
      assert.equal(await opened.page.getByRole("treeitem").count(), 1);
      await opened.page.getByRole("button", { name: "Expand" }).click();
      await opened.page.getByRole("treeitem").nth(7).waitFor();
      const kept = await opened.state();
      assert.ok(kept && "graphChoices" in kept);
      assert.deepEqual(kept.graphChoices, [{ key: "fc-count_library", isExpanded: true }]);
    },
    { state },
  );
});
