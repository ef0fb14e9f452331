import { installCodeServer } from "../../scripts/installCodeServer.ts";
import { extensionPath, packageExtension } from "../../scripts/vsix.ts";
import { Workbench } from "../e2e/workbench.ts";
import { median, repeated, report } from "./figures.ts";

const WINDOWS = 5;

/**
 * What VS Code's own *Startup Performance* says about loading and activating the packed extension, in a window with a Python file
 * in front: the median of several windows, since the first one after a build reads everything from disk.
 */
export async function measureActivation(): Promise<void> {
  await installCodeServer();
  await packageExtension(extensionPath);
  const starts = await repeated(WINDOWS, startOfWindow);
  report({
    name: "the extension's code is loaded",
    unit: "ms",
    ours: median(starts.map(({ loadCodeMs }) => loadCodeMs)),
  });
  report({ name: "the extension is activated", unit: "ms", ours: median(starts.map(({ activateMs }) => activateMs)) });
}

async function startOfWindow(): Promise<ActivationTimes> {
  const workbench = await Workbench.open();
  try {
    await workbench.openFile("slow.py");
    await workbench.codeLens("Run").first().waitFor();
    return await readReport(workbench);
  } finally {
    await workbench.close();
  }
}

interface ActivationTimes {
  readonly loadCodeMs: number;
  readonly activateMs: number;
}

/** The row of the table is | extension | eager | load code | call activate | finish activate | event | by |. */
async function readReport(workbench: Workbench): Promise<ActivationTimes> {
  const { page } = workbench;
  await workbench.runCommand("Developer: Startup Performance");
  await page.locator(".tab.active", { hasText: "Startup Performance" }).waitFor();
  await page.keyboard.press("Control+KeyF");
  await page.locator(".find-widget.visible textarea").first().fill("| spawnpoint.spawnpoint");
  const line = workbench.editorLine("spawnpoint.spawnpoint").first();
  await line.waitFor();
  const cells = ((await line.textContent()) ?? "").replaceAll("\u00a0", " ").split("|");
  const [, , , loadCode, callActivate] = cells.map((cell) => Number(cell.trim()));
  if (!(loadCode !== undefined && callActivate !== undefined && loadCode + callActivate >= 0)) {
    throw new Error(`This row of Startup Performance cannot be read: ${cells.join("|")}`);
  }
  return { loadCodeMs: loadCode, activateMs: callActivate };
}
