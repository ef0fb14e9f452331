import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Command, commandTable } from "../../src/commands/table.ts";
import { exercises } from "./exercises.ts";
import { lenses, placesByCommand } from "./places.ts";

const e2eFolder = join(import.meta.dirname, "..", "e2e");

test("every place of every command has an end-to-end test, or a reason why not", () => {
  const places = [...placesByCommand()].map(([command, names]) => [command, names.sort()] as const);
  const tested = Object.entries(exercises).map(([command, tests]) => [command, Object.keys(tests).sort()] as const);
  assert.deepEqual(Object.fromEntries(tested), Object.fromEntries(places));
});

test("the tests are there, and name the command as users see it", () => {
  for (const [command, tests] of Object.entries(exercises)) {
    for (const [place, exercise] of Object.entries(tests)) {
      if (typeof exercise !== "string") continue;
      const path = join(e2eFolder, `${exercise}.test.ts`);
      assert.ok(existsSync(path), path);
      const shown = shownAs(command, place);
      assert.ok(readFileSync(path, "utf8").includes(shown), `${exercise}.test.ts does not name "${shown}" (${place})`);
    }
  }
});

function shownAs(command: string, place: string): string {
  const table: Readonly<Record<string, Command>> = commandTable;
  const title = table[command]?.title ?? "Manage Workspace Trust";
  const lens = lenses().find((it) => it.command === command && place === `lens of a ${it.kind}`);
  if (lens) return lens.title.replace(/^\$\([^)]+\) /, "");
  return place === "palette" ? `Spawnpoint: ${title}` : title;
}

test("a reason is a sentence", () => {
  for (const exercise of Object.values(exercises).flatMap((tests) => Object.values(tests))) {
    if (typeof exercise === "object") assert.match(exercise.reason, /^[A-Z].+\.$/);
  }
});
