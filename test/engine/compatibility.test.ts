import assert from "node:assert/strict";
import { test } from "node:test";
import { methodTables } from "../../scripts/compatibility.ts";
import type { CompatibilityArea } from "../../src/engine/service/compatibility.ts";

const METHODS = ["AppList", "AppStop", "AppCreate", "SandboxCreate", "SandboxList"];
const HANDLED = ["AppList", "AppStop"];

const AREAS: readonly CompatibilityArea[] = [
  {
    title: "Apps",
    served: { AppList: { isPartial: false, text: "" }, AppStop: { isPartial: true, text: "At once." } },
    absent: { "App*": "No apps." },
  },
  { title: "Others", absent: { "Sandbox*": "No sandboxes.", SandboxList: "There is nothing to list." } },
];

function without(name: string): CompatibilityArea[] {
  const rest = (entries: Readonly<Record<string, unknown>> = {}) =>
    Object.fromEntries(Object.entries(entries).filter(([key]) => key !== name));
  return AREAS.map((area) => ({ ...area, served: rest(area.served), absent: rest(area.absent) }) as CompatibilityArea);
}

test("every method has a line, what is closest to its name is said of it, and all are counted", () => {
  assert.equal(
    methodTables(AREAS, METHODS, HANDLED),
    `## Methods

Of 5 methods 1 are done, 1 partly, and 3 not.

### Apps

| Method | Status | What differs |
|---|---|---|
| AppList | done |  |
| AppStop | partly | At once. |
| AppCreate | not | No apps. |

### Others

| Method | Status | What differs |
|---|---|---|
| SandboxCreate | not | No sandboxes. |
| SandboxList | not | There is nothing to list. |`,
  );
});

test("a table that does not say what there is, is refused", () => {
  const cases: [RegExp, readonly CompatibilityArea[], string[], string[]][] = [
    [/have a handler and no remark: AppStop\./, without("AppStop"), METHODS, HANDLED],
    [/have a remark and no handler: AppStop\./, AREAS, METHODS, ["AppList"]],
    [/not mentioned: SandboxCreate\./, without("Sandbox*"), METHODS, HANDLED],
    [/not of Modal's service: SandboxList\./, AREAS, METHODS.slice(0, 4), HANDLED],
    [
      /mentioned twice: SandboxList, Sandbox\*\./,
      [...AREAS, { title: "Again", absent: { SandboxList: "", "Sandbox*": "" } }],
      METHODS,
      HANDLED,
    ],
  ];
  for (const [message, areas, methods, handled] of cases) {
    assert.throws(() => methodTables(areas, methods, handled), message);
  }
});
