import { stat } from "node:fs/promises";
import { join } from "node:path";
import { rootFolder } from "../../scripts/project.ts";
import { report } from "./figures.ts";

/** The size of what is loaded first: by VS Code, by Node for the engine, and by a panel. */
export async function measureBundles(): Promise<void> {
  for (const bundle of ["extension/extension.js", "engine.cjs", "webview.js"]) {
    const { size } = await stat(join(rootFolder, "dist", bundle));
    report({ name: `size of ${bundle}`, unit: "kB", ours: size / 1_000 });
  }
}
