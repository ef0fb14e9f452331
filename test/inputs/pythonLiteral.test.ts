import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { parseArguments } from "../../src/inputs/callArguments.ts";
import { PythonLiteralError, parsePythonLiteral } from "../../src/inputs/pythonLiteral.ts";

test("numbers, constants and text", () => {
  const values: [string, unknown][] = [
    ["1_000", 1000],
    ["-0x1F", -31],
    ["0b101", 5],
    ["+1.5e3", 1500],
    ["-9007199254740993", -9007199254740993n],
    ["True", true],
    ["False", false],
    ["None", null],
    ["'it''s'", "its"],
    [`"a" 'b' r'\\n'`, "ab\\n"],
    ["'''two\nlines'''", "two\nlines"],
    ["'\\x41\\u00e9\\U0001F600\\101\\n\\q'", "Aé😀A\n\\q"],
  ];
  for (const [text, expected] of values) assert.deepEqual(parsePythonLiteral(text), expected, text);
});

test("lists, tuples, dictionaries, sets and bytes, over several lines and with a last comma", () => {
  assert.deepEqual(parsePythonLiteral("{'a': [1, (2, 3,),], # why not\n 'b': {'c': None},\n}"), {
    a: [1, [2, 3]],
    b: { c: null },
  });
  assert.deepEqual(parsePythonLiteral("{1, 2}"), new Set([1, 2]));
  assert.deepEqual(parsePythonLiteral("b'\\x00\\xffa'"), Uint8Array.of(0, 255, 97));
  assert.deepEqual(parsePythonLiteral("()"), []);
  assert.deepEqual(parsePythonLiteral("((1))"), 1);
  const odd = parsePythonLiteral("{'__proto__': 1}") as object;
  assert.deepEqual(Object.keys(odd), ["__proto__"]);
});

test("what stands between commas are arguments", () => {
  assert.deepEqual(parseArguments("1, 'two', None"), { args: [1, "two", null], kwargs: {} });
  assert.deepEqual(parseArguments("{'x': (1, 2)}"), { args: [], kwargs: { x: [1, 2] } });
  assert.deepEqual(parseArguments("{1}"), { args: [new Set([1])], kwargs: {} });
});

test("everything else is refused, with its place, and never run", () => {
  const refused: [string, number][] = [
    ["[1, x]", 4],
    ["f'{1}'", 0],
    ["__import__('os').system('true')", 0],
    ["1 + 1", 0],
    ["{'a': 1, **{}}", 9],
    ["{1: 2}", 1],
    ["[1, 2", 5],
    ["1; 2", 0],
    ["", 0],
    ["lambda: 0", 0],
    ["2j", 0],
    ["['a' b'b']", 1],
    ["[i for i in [1]]", 0],
  ];
  for (const [text, offset] of refused) {
    assert.throws(
      () => parsePythonLiteral(text),
      (error: unknown) => error instanceof PythonLiteralError && Math.abs(error.offset - offset) <= 3,
      text,
    );
  }
  assert.throws(() => parsePythonLiteral("[".repeat(2_000) + "]".repeat(2_000)), PythonLiteralError);
});

test("Python's own literals mean here what they mean there", () => {
  const script = `import json, random
random.seed(7)
def value(depth):
    kind = random.randrange(8 if depth < 3 else 5)
    if kind == 0: return random.choice([True, False, None])
    if kind == 1: return random.randint(-10**6, 10**6)
    if kind == 2: return random.random() * 10 ** random.randint(-5, 5) + 0.5
    if kind in (3, 4): return "".join(random.choice("aé\\\\'\\"\\n\\t\\x00😀 #{}") for _ in range(random.randrange(8)))
    if kind == 5: return [value(depth + 1) for _ in range(random.randrange(4))]
    if kind == 6: return tuple(value(depth + 1) for _ in range(random.randrange(4)))
    return {str(value(9)): value(depth + 1) for _ in range(random.randrange(4))}
for _ in range(300):
    one = value(0)
    print(json.dumps([repr(one), one]))`;
  const lines = execFileSync("python3", ["-c", script], { encoding: "utf8" }).trim().split("\n");
  assert.equal(lines.length, 300);
  for (const line of lines) {
    const [literal, expected] = JSON.parse(line) as [string, unknown];
    assert.deepEqual(parsePythonLiteral(literal), expected, literal);
  }
});
