import { scanFunctions } from "../../src/editor/functionScan.ts";
import { PythonTree } from "../../src/editor/pythonTree.ts";
import { median, report } from "./figures.ts";

const LINES = 5_000;
const EDITS = 200;

/** How long the editor takes for a character that is typed in a large file: the tree, and the functions found in it. */
export function measureEditing(): void {
  const text = pythonFile(LINES);
  const startedAt = performance.now();
  const tree = new PythonTree(text);
  scanFunctions(tree.text, tree.tree);
  report({ name: `first look at a file of ${LINES} lines`, unit: "ms", ours: performance.now() - startedAt });
  const middle = text.indexOf("\n", text.length / 2);
  const times = Array.from({ length: EDITS }, (_, edit) => {
    const editedAt = performance.now();
    tree.edit([{ offset: middle + edit, length: 0, text: edit === 0 ? "#" : "x" }]);
    scanFunctions(tree.text, tree.tree);
    return performance.now() - editedAt;
  });
  report({ name: `a character typed in a file of ${LINES} lines`, unit: "ms", ours: median(times) });
}

function pythonFile(lines: number): string {
  const parts = ['import modal\n\napp = modal.App("large")\n'];
  for (let index = 0; index * 10 < lines - 3; index++) {
    parts.push(`
@app.function(cpu=1, retries=3)
def f_${index}(x: int, *rest: str, scale: float = 1.5) -> dict:
    """What it does, in a line."""
    values = [scale * value for value in range(x) if value % 2 == 0]
    if len(values) > ${index}:
        raise ValueError(f"too many: {values!r}")
    return {"index": ${index}, "values": values, "rest": rest}

`);
  }
  return parts.join("\n");
}
