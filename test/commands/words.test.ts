import assert from "node:assert/strict";
import { test } from "node:test";
import { wordsOf } from "../../src/commands/words.ts";

test("words are taken apart at white space, as a shell does", () => {
  assert.deepEqual(wordsOf("  --count 3\t--flag "), ["--count", "3", "--flag"]);
  assert.deepEqual(wordsOf(""), []);
});

test("quotes and backslashes keep a word together, and go", () => {
  assert.deepEqual(wordsOf(`--name "a b" 'c "d"' e\\ f --x='1 2'"3"`), ["--name", "a b", 'c "d"', "e f", "--x=1 23"]);
  assert.deepEqual(wordsOf(`"" '' "say \\"hi\\"" "C:\\\\x" 'C:\\x'`), ["", "", 'say "hi"', "C:\\x", "C:\\x"]);
});

test("a quote that is not closed is said", () => {
  assert.throws(() => wordsOf(`ok "open`), { name: "InputError", message: `A quote is not closed: "open` });
  assert.throws(() => wordsOf("it's"), { name: "InputError" });
});
