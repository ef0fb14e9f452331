import assert from "node:assert/strict";
import { test } from "node:test";
import { type EditedDocument, saveProject } from "../../../src/commands/python/unsavedFiles.ts";

function edited(fsPath: string, changes: Partial<EditedDocument> = {}) {
  let saves = 0;
  const save = async () => {
    saves++;
    return true;
  };
  const document: EditedDocument = {
    isDirty: true,
    languageId: "python",
    uri: { scheme: "file", fsPath },
    save,
    ...changes,
  };
  return { document, saves: () => saves };
}

const refused = { save: async () => false };
const broken = { save: () => Promise.reject(new Error("gone")) };

test("the file and the Python files of its project are saved, and no others", async () => {
  const main = edited("/w/app.py");
  const imported = edited("/w/pkg/helper.py");
  const others = [
    edited("/w/notes.md", { languageId: "markdown" }),
    edited("/elsewhere/app.py"),
    edited("/w/clean.py", { isDirty: false }),
    edited("/w/Untitled-1", { uri: { scheme: "untitled", fsPath: "Untitled-1" } }),
  ];
  const documents = [main, imported, ...others].map(({ document }) => document);
  assert.deepEqual(await saveProject("/w/app.py", "/w", documents), []);
  assert.deepEqual([main.saves(), imported.saves()], [1, 1]);
  assert.deepEqual(
    others.map(({ saves }) => saves()),
    [0, 0, 0, 0],
  );
});

test("a file that cannot be saved is not run", async () => {
  for (const failure of [refused, broken]) {
    const other = edited("/w/helper.py");
    await assert.rejects(saveProject("/w/app.py", "/w", [edited("/w/app.py", failure).document, other.document]), {
      name: "InputError",
      message: "app.py could not be saved; save it, or revert it, and run it again.",
    });
    assert.equal(other.saves(), 0);
  }
});

test("another file that cannot be saved is named", async () => {
  const documents = [edited("/w/a.py", refused), edited("/w/b.py", broken), edited("/w/c.py")];
  const failed = await saveProject(
    "/w/app.py",
    "/w",
    documents.map(({ document }) => document),
  );
  assert.deepEqual(failed, ["a.py", "b.py"]);
});
