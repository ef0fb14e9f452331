import assert from "node:assert/strict";
import { test } from "node:test";
import { colouredTexts, plainText } from "../../src/webview/logs/ansiText.ts";

test("the colours of terminals are kept, and everything else that a terminal would do is not", () => {
  assert.deepEqual(colouredTexts("plain"), [{ text: "plain", colour: undefined }]);
  assert.deepEqual(colouredTexts("a \u001b[1;31mred\u001b[0m b \u001b[94mblue\u001b[39m"), [
    { text: "a ", colour: undefined },
    { text: "red", colour: "Red" },
    { text: " b ", colour: undefined },
    { text: "blue", colour: "BrightBlue" },
  ]);
  assert.deepEqual(colouredTexts("\u001b[32mgreen \u001b[mnone"), [
    { text: "green ", colour: "Green" },
    { text: "none", colour: undefined },
  ]);
  assert.equal(
    plainText("\u001b[2J\u001b[1;1Hgone\u001b[K\u001b]0;title\u0007\u0007 \u0008back\r\ttab\u009b"),
    "gone back\ttab",
  );
  assert.equal(plainText("\u001b[38;5;31mby number\u001b"), "by number");
});
