import assert from "node:assert/strict";
import { test } from "node:test";
import { isWebAddress } from "../../src/commands/webAddress.ts";

test("only addresses of the web are opened", () => {
  for (const address of ["https://x--app-f.modal.run", "http://127.0.0.1:20001/path"])
    assert.ok(isWebAddress(address), address);
  for (const address of [
    "file:///etc/passwd",
    "vscode://x.y/z",
    "command:workbench.action.quit",
    "javascript:1",
    "//x",
    "",
  ]) {
    assert.ok(!isWebAddress(address), address);
  }
});
