import assert from "node:assert/strict";
import { test } from "node:test";
import { commandArgument } from "../../src/commands/commandArgument.ts";
import type { ExplorerNode } from "../../src/explorer/nodes.ts";

const row: ExplorerNode = { kind: "noApps", id: "none:local", filtered: false };

function focused(found: ExplorerNode | undefined) {
  return { focusedRow: async () => found };
}

test("a row's menu gives its row, and a button of the view's title is for the whole view", async () => {
  const explorer = focused(undefined);
  assert.equal(await commandArgument(explorer, {}, [row, undefined]), row);
  assert.equal(await commandArgument(explorer, { inViewTitle: true }, [row, undefined]), row);
  assert.equal(await commandArgument(explorer, { inViewTitle: true }, [row]), undefined);
  assert.equal(await commandArgument(explorer, {}, [row]), row);
  assert.equal(await commandArgument(explorer, {}, []), undefined);
});

test("a command of a menu is for the row with the focus when VS Code knows none", async () => {
  assert.equal(await commandArgument(focused(row), {}, [undefined, undefined]), row);
  await assert.rejects(
    commandArgument(focused(undefined), {}, [undefined, undefined]),
    /choose the command on it once more/,
  );
});

test("a button on a row, which leaves the focus where it was, never acts on another row", async () => {
  await assert.rejects(commandArgument(focused(row), { onRows: true }, [undefined, undefined]), /once more/);
});
