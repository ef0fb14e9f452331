import assert from "node:assert/strict";
import { test } from "node:test";
import { annotationType } from "../../src/inputs/annotationType.ts";
import { typeText } from "../../src/inputs/inputField.ts";

test("reads the types that a form can check, with what lists and dictionaries hold", () => {
  const texts = [
    "str",
    "int",
    "float",
    "bool",
    "bytes",
    "None",
    "list",
    "list[int]",
    "dict[str, list[dict[str, float]]]",
  ];
  for (const text of texts) {
    const { base } = annotationType(text);
    assert.notEqual(base, "unknown", text);
    assert.equal(typeText(annotationType(text)), text === "None" ? "none" : text);
  }
  assert.equal(typeText(annotationType(' "typing.Dict[str, int]" ')), "dict[str, int]");
});

test("takes everything else for a value of any type", () => {
  for (const text of [
    "",
    "int | None",
    "Optional[int]",
    "np.ndarray",
    "constructor",
    "int[str]",
    "Literal['a']",
    "tuple[int]",
  ]) {
    assert.deepEqual(annotationType(text), { base: "unknown", sub: [] }, text);
  }
});
