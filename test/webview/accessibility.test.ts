import assert from "node:assert/strict";
import { test } from "node:test";
import axe from "axe-core";
import { output } from "../calls/fakeServer.ts";
import { graphLists, times as some, wordCountGraph } from "../calls/graphLists.ts";
import { compareCalls } from "./comparedCalls.ts";
import { type OpenPage, usePages } from "./pageHarness.ts";
import { callSummary, counts, logLine, manyRows, resultRow, statsSamples, waterfallRows } from "./samples.ts";
import { THEMES } from "./themes.ts";

const withCallPage = usePages();
const withLogPage = usePages("logPage/main.tsx");
const withComparePage = usePages("compare/main.tsx");

/** What axe looks at: everything, or what a theme can change. */
type Scope = "everything" | "colours";

/** What axe finds in the page as it is now that keeps people from using it. */
async function seriousFaults({ page }: OpenPage, scope: Scope): Promise<string[]> {
  // As an expression, not as an element: the page's policy lets no script of others in.
  if (scope === "everything") await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (only) => {
      // The rows of the results scroll within a table that has the focus and takes the keys.
      const rules = { "scrollable-region-focusable": { enabled: false } };
      return window.axe.run(document, { resultTypes: ["violations"], rules, ...only });
    },
    scope === "colours" ? { runOnly: ["color-contrast", "link-in-text-block"] } : {},
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`));
}

declare global {
  interface Window {
    readonly axe: typeof axe;
  }
}

const half = callSummary({ inputs: 2_000, counts: counts({ SUCCESS: 996, FAILURE: 4, PENDING: 1_000 }) });
const lines = [logLine("\u001b[31mred\u001b[0m\n"), logLine("plain\n")];
const times = { queuedMs: 900, startupMs: 400, executionMs: 25 };

type States = Readonly<Record<string, (opened: OpenPage) => Promise<unknown>>>;

/** What the page of a call can look like, by name. */
const callStates: States = {
  "nothing known": async () => undefined,
  "no results": (opened) => opened.send({ type: "reset", call: callSummary() }),
  "a running map": async (opened) => {
    await opened.send({ type: "reset", call: { ...half, times } });
    await opened.give(...manyRows(1_000));
  },
  "a finished map with failures": async (opened) => {
    await opened.send({ type: "reset", call: { ...half, finishedAt: Date.now(), times } });
    await opened.give(...manyRows(1_000));
    await opened.page.getByRole("button", { name: "Failure" }).click();
    await opened.page.getByText("2 of 1,000").waitFor();
  },
  "columns, and a tree": async (opened) => {
    await showResult(opened, { a: [1, "text", null], b: true });
    await opened.page.getByRole("button", { name: "Tree" }).click();
    await opened.page.getByRole("treeitem").first().focus();
    await opened.page.keyboard.press("ArrowRight");
    await opened.page.locator('[aria-level="2"]').first().waitFor();
  },
  "a table": (opened) => showResult(opened, [{ a: 1 }, { a: 2 }]),
  "a long text": (opened) => showResult(opened, "text ".repeat(10_000)),
  bytes: (opened) => showResult(opened, new Uint8Array(100)),
  "a failure": async (opened) => {
    await showResult(opened, 0);
    await opened.page.locator("#result-1").click();
    const traceback = 'Traceback (most recent call last):\n  File "/a.py", line 1, in f\nValueError: no';
    await opened.showFailure(1, { exception: "ValueError: no", traceback });
  },
  "a problem and a failed request": async (opened) => {
    const problem = "The engine does not answer; trying again.";
    const call = callSummary({ problem });
    await opened.send({ type: "reset", call }, { type: "failed", message: "The call could not be cancelled." });
  },
  stats: async (opened) => {
    await opened.send({ type: "reset", call: callSummary() }, { type: "stats", samples: statsSamples(20) });
    await opened.showTab("Stats");
  },
  waterfall: async (opened) => {
    await opened.send({ type: "reset", call: half });
    await opened.give(...waterfallRows(200, 4));
    await opened.showTab("Waterfall");
    await opened.page.getByText("1 straggler").click();
    await opened.page.getByLabel("Result 100", { exact: true }).waitFor();
  },
  "a waterfall in words": async (opened) => {
    await opened.send({ type: "reset", call: half });
    await opened.give(...waterfallRows(200, 4));
    await opened.showTab("Waterfall");
    await opened.page.getByRole("button", { name: "Show Table" }).click();
    await opened.page.getByRole("button", { name: "Input 100" }).waitFor();
  },
  "a call graph": async (opened) => {
    opened.giveGraph(wordCountGraph());
    await opened.send({ type: "reset", call: callSummary() });
    await opened.showTab("Call Graph");
    await opened.page.locator(".graph-box").first().waitFor();
  },
  "a call graph that is not whole, with its inputs": async (opened) => {
    const { inputs } = graphLists({ functionName: "count", functionCallId: "fc-1", statuses: some(40, "FAILURE") });
    opened.giveGraph({ inputs, functionCalls: [] });
    await opened.send({ type: "reset", call: callSummary() });
    await opened.showTab("Call Graph");
    await opened.page.getByRole("button", { name: "40 inputs" }).click();
    await opened.page.getByText("1–20 of 40").waitFor();
  },
  logs: async (opened) => {
    await opened.send({ type: "reset", call: callSummary() }, { type: "logs", lines: [logLine("printed\n")] });
    await opened.showTab("Logs");
  },
};

async function showResult(opened: OpenPage, value: unknown): Promise<void> {
  await opened.send({ type: "reset", call: callSummary() });
  await opened.give(resultRow(0, { cells: { a: 1, b: "two" } }), resultRow(1, { status: "FAILURE", kind: "error" }));
  await opened.page.locator("#result-0").click();
  await opened.show(0, value);
}

/** What the page of logs can look like, by name. */
const logStates: States = {
  "nothing chosen": (opened) => opened.send({ type: "reset", title: undefined }),
  "nothing printed": (opened) => opened.send({ type: "reset", title: "app" }),
  "lines of both streams": (opened) => opened.send({ type: "reset", title: "app" }, { type: "lines", lines }),
  "lines that a filter leaves": async (opened) => {
    await opened.send({ type: "reset", title: "app" }, { type: "lines", lines });
    await opened.page.locator("vscode-textfield input").fill("red");
    await opened.page.getByText("1 of 2 lines").waitFor();
  },
  "a problem": (opened) =>
    opened.send(
      { type: "reset", title: "app" },
      { type: "lines", lines },
      { type: "status", status: { kind: "problem", message: "The engine does not answer.", passes: true } },
    ),
};

/** What the page of a comparison can look like, by name. */
const compareStates: States = {
  "nothing known": async () => undefined,
  "two calls that differ, with both results": async (opened) => {
    await compareCalls(opened, { outputs: [output(0, { a: 1 }), output(1, 1)] }, { outputs: [output(0, { a: 2 })] });
    await opened.page.locator("#compared-0").click();
    await opened.page.locator(".difference-table").waitFor();
  },
  "nothing that differs": async (opened) => {
    await compareCalls(opened, { outputs: [output(0, 1)] }, { outputs: [output(0, 1)] });
    await opened.page.getByRole("button", { name: "Different 0" }).click();
    await opened.page.getByText("No result differs.").waitFor();
  },
};

for (const [page, withPage, states] of [
  ["the page of a call", withCallPage, callStates],
  ["the page of logs", withLogPage, logStates],
  ["the page of a comparison", withComparePage, compareStates],
] as const) {
  for (const [name, reach] of Object.entries(states)) {
    test(`axe finds nothing serious in ${page}: ${name}`, () =>
      withPage(async (opened) => {
        await reach(opened);
        for (const [index, theme] of (Object.keys(THEMES) as (keyof typeof THEMES)[]).entries()) {
          await opened.setTheme(theme);
          assert.deepEqual(await seriousFaults(opened, index === 0 ? "everything" : "colours"), [], theme);
        }
      }));
  }
}
