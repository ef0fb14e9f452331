import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Command, commandTable, needsTrust } from "../../src/commands/table.ts";
import { readManifest } from "../extension/manifest.ts";
import { commandsIn } from "./places.ts";

interface WalkthroughStep {
  readonly id: string;
  readonly description: string;
  readonly media: { readonly svg: string; readonly altText: string };
  readonly completionEvents: readonly string[];
}

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<
      Record<string, readonly { readonly command?: string; readonly when?: string; readonly group?: string }[]>
    >;
    readonly viewsWelcome: readonly { readonly contents: string }[];
    readonly walkthroughs: readonly { readonly id: string; readonly steps: readonly WalkthroughStep[] }[];
  };
}

const manifest = readManifest<Manifest>();
const commands = Object.entries<Command>(commandTable);

test("package.json lists every command of the table as the table has it", () => {
  const expected = commands.map(([command, { title, icon, enablement }]) => ({
    command,
    title,
    category: "Spawnpoint",
    ...(icon && { icon }),
    ...(enablement && { enablement }),
  }));
  assert.deepEqual(manifest.contributes.commands, expected);
});

test("menus and welcome texts name commands that exist", () => {
  const ids = new Set<string>(Object.keys(commandTable));
  const inMenus = Object.values(manifest.contributes.menus).flatMap((items) =>
    items.flatMap(({ command }) => command ?? []),
  );
  const inTexts = manifest.contributes.viewsWelcome.flatMap(({ contents }) => commandsIn(contents));
  assert.ok(inTexts.length > 0);
  for (const id of [...inMenus, ...inTexts]) assert.ok(ids.has(id) || id.startsWith("workbench."), id);
});

test("the commands that stand as buttons on rows, and those of the view's title that also take a row, are marked", () => {
  const { menus } = manifest.contributes;
  const onRows = (menus["view/item/context"] ?? []).filter(({ group }) => group?.startsWith("inline"));
  const marked = commands.filter(([, command]) => command.onRows).map(([id]) => id);
  assert.deepEqual([...new Set(onRows.map(({ command }) => command))].sort(), marked.sort());
  const onRow = new Set(menus["view/item/context"]?.map(({ command }) => command));
  const both = new Set(menus["view/title"]?.map(({ command }) => command).filter((id) => onRow.has(id)));
  for (const id of ["spawnpoint.restartEngine", "spawnpoint.showEngineLog"]) both.delete(id); // They take no argument.
  assert.deepEqual(
    [...both].sort(),
    commands
      .filter(([, command]) => command.inViewTitle)
      .map(([id]) => id)
      .sort(),
  );
});

test("each step of the walkthrough is done by the commands that it offers, and has a picture in colours of the theme", () => {
  const [walkthrough] = manifest.contributes.walkthroughs;
  assert.deepEqual(
    walkthrough?.steps.map(({ id }) => id),
    ["sample", "run", "map", "panel", "cancel", "signIn"],
  );
  const ids = new Set<string>(Object.keys(commandTable));
  for (const { description, media, completionEvents } of walkthrough?.steps ?? []) {
    const offered = commandsIn(description);
    assert.deepEqual(
      completionEvents,
      offered.map((id) => `onCommand:${id}`),
    );
    for (const id of offered) assert.ok(ids.has(id), id);
    const picture = readFileSync(new URL(`../../${media.svg}`, import.meta.url), "utf8");
    assert.match(picture, /var\(--vscode-editor-background/);
    assert.ok(media.altText.endsWith("."));
  }
});

test("the palette offers what makes sense without an argument, and only that", () => {
  const hidden = (manifest.contributes.menus.commandPalette ?? []).filter(({ when }) => when === "false");
  const expected = commands.filter(([, { inPalette }]) => inPalette === false).map(([id]) => id);
  assert.deepEqual(
    hidden.map(({ command }) => command),
    expected,
  );
});

test("commands that run code of the workspace need its trust", () => {
  for (const name of [
    "deployApp",
    "run",
    "spawn",
    "map",
    "runEntrypoint",
    "runInPython",
    "debug",
    "runAgain",
    "editAndRunAgain",
    "runFailedInputsAgain",
    "editInputs",
    "runInputs",
  ] as const) {
    assert.equal(commandTable[`spawnpoint.${name}`].enablement, "isWorkspaceTrusted", name);
  }
  for (const [id, command] of commands) {
    assert.equal(needsTrust(command), command.enablement?.includes("isWorkspaceTrusted") ?? false, id);
  }
});
