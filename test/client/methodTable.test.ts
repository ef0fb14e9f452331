import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { rootFolder } from "../../scripts/project.ts";

/** How docs/modal-methods.md writes an object of each class. The values that results hold are not in that table. */
const OBJECTS: Readonly<Record<string, string | undefined>> = {
  AppService: "modal.apps",
  ClassService: "modal.classes",
  Cls: "cls",
  ClsInstance: "instance",
  ContainerService: "modal.containers",
  Decimal: undefined,
  EnvironmentService: "modal.environments",
  FunctionCall: "call",
  FunctionCallLogs: "call.logs",
  FunctionCallService: "modal.calls",
  FunctionService: "modal.functions",
  GeneratorItem: "item",
  LocalFunction: "LocalFunction",
  LogService: "modal.logs",
  ModalClient: "modal",
  ModalFunction: "fn",
  Output: "output",
  PythonException: undefined,
  PythonObject: undefined,
  WorkspaceService: "modal.workspace",
};

interface Row {
  readonly text: string;
  /** What the row says is there: `fn.map`, `modal.calls.fromId`. */
  readonly members: readonly string[];
  readonly tests: readonly { readonly title: string; readonly path: string }[];
}

/** The rows of the tables that name tests. */
async function readRows(): Promise<Row[]> {
  const page = await readFile(join(rootFolder, "docs", "modal-methods.md"), "utf8");
  const tables = page.split("\n\n").filter((block) => /^\|.*\| Shown by \|$/m.test(block));
  return tables.flatMap((table) => table.trimEnd().split("\n").slice(2).map(row));
}

function row(text: string): Row {
  const links = text.matchAll(/\[([^\]]+)\]\(\.\.\/(test\/[^)]+)\)/g);
  const members = text.matchAll(/`((?:modal|fn|call|cls|instance|output|item|ModalClient|LocalFunction)(?:\.\w+)+)/g);
  return {
    text,
    members: [...members].map(([, member = ""]) => member),
    tests: [...links].map(([, title = "", path = ""]) => ({ title, path })),
  };
}

/** The text of one test. */
async function testText(path: string, title: string): Promise<string> {
  const text = await readFile(join(rootFolder, path), "utf8");
  const starts = [...text.matchAll(/^test\(\s*"(.*)",/gm)];
  const at = starts.findIndex(([, candidate]) => candidate === title);
  assert.notEqual(at, -1, `${path} has no test "${title}".`);
  return text.slice(starts[at]?.index, starts[at + 1]?.index);
}

/** `fn.map` and so on: every public member of the client's classes, as the reference page has them. */
async function publicMembers(): Promise<string[]> {
  const page = await readFile(join(rootFolder, "docs", "client.md"), "utf8");
  const classes = page.split(/^## /m).find((part) => part.startsWith("Classes")) ?? "";
  return classes.split(/^### /m).slice(1).flatMap(classMembers);
}

function classMembers(section: string): string[] {
  const name = /^\w+/.exec(section)?.[0] ?? "";
  const members = [...section.matchAll(/^##### (\w+)(?:\(\))?$/gm)].map(([, member = ""]) => member);
  if (members.length === 0 || section.startsWith(`${name}()`)) return []; // A plain function, such as readProfiles.
  assert.ok(name in OBJECTS, `OBJECTS above does not say how the page writes a ${name}.`);
  const object = OBJECTS[name];
  if (object === undefined) return [];
  const statics = [...section.matchAll(/^static (\w+)/gm)].map(([, member]) => member);
  const own = members.filter((member) => member !== "Constructor");
  return own.map((member) => `${statics.includes(member) ? name : object}.${member}`);
}

test("every row of the table names tests, and these use what the row is about", async () => {
  const rows = await readRows();
  assert.ok(rows.length > 50);
  for (const { text, members, tests } of rows) {
    assert.ok(tests.length > 0, `No test shows ${text}`);
    const texts = await Promise.all(tests.map(({ path, title }) => testText(path, title)));
    for (const member of members) {
      const name = new RegExp(`\\b${member.split(".").at(-1)}\\b`);
      assert.ok(
        texts.some((body) => name.test(body)),
        `None of its tests uses ${member}: ${text}`,
      );
    }
  }
});

test("every public method of the client stands in the table", async () => {
  const named = new Set((await readRows()).flatMap(({ members }) => members));
  const missing = (await publicMembers()).filter((member) => !named.has(member));
  assert.deepEqual(missing, []);
});
