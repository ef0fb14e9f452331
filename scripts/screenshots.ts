// `npm run screenshots`: takes the pictures of the README in a real VS Code, into media/screenshots.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Workbench } from "../test/e2e/workbench.ts";
import { installCodeServer } from "./installCodeServer.ts";
import { rootFolder } from "./project.ts";
import { step } from "./step.ts";
import { build, extensionPath, packageExtension } from "./vsix.ts";

const folder = join(rootFolder, "media", "screenshots");
const themes = { dark: "Default Dark Modern", light: "Default Light Modern" } as const;
type ThemeName = keyof typeof themes;

/** A picture of 1,024 small tiles: [index, tiles per row, pixels of a tile]. */
const tiles = `*${JSON.stringify(Array.from({ length: 1024 }, (_, index) => [index, 32, 20]))}`;

await step("Building", build);
await step("Packing the extension", () => packageExtension(extensionPath));
await installCodeServer();
await mkdir(folder, { recursive: true });
for (const theme of ["dark", "light"] as const) await step(`Pictures, ${theme}`, () => takePictures(theme));

async function takePictures(theme: ThemeName): Promise<void> {
  const workbench = await Workbench.open({
    deployed: ["word_count.py", "mandelbrot.py"],
    settings: { "workbench.colorTheme": themes[theme], "editor.minimap.enabled": false },
    size: { width: 1400, height: 860 },
  });
  const keep = (name: string) => workbench.page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
  try {
    await workbench.showSidebar();
    await workbench.treeItem("tile").waitFor();
    await workbench.codeLens("Run").first().waitFor();
    await keep("editor");
    await map(workbench);
    await keep("map");
    await openTab(workbench, "Pictures");
    await workbench.callPanel.locator(".call-headline", { hasText: "Finished" }).waitFor();
    await workbench.callPanel.locator(".mosaic img").nth(1023).waitFor();
    await keep("pictures");
    await openTab(workbench, "Stats");
    await workbench.callPanel.locator("canvas").first().waitFor();
    await keep("stats");
    await showCallGraph(workbench);
    await keep("call-graph");
  } catch (error) {
    console.error(`  The screen is kept in ${await workbench.keepScreen(`screenshots-${theme}`)}.`);
    throw error;
  } finally {
    await workbench.close();
  }
}

/** Starts a map and waits until it is well under way. */
async function map(workbench: Workbench): Promise<void> {
  await workbench.runCommand("Spawnpoint: Map");
  await workbench.pick("tile");
  await workbench.pick("Type inputs");
  await workbench.answer(/Inputs of tile/, tiles);
  await workbench.callPanel.locator(".result-row").nth(20).waitFor();
}

async function showCallGraph(workbench: Workbench): Promise<void> {
  await workbench.runCommand("Spawnpoint: Run");
  await workbench.pick("count_library");
  await workbench.answer(/Arguments of count_library/, "");
  await workbench.callPanel.getByRole("heading", { name: "count_library" }).waitFor();
  await workbench.callPanel.locator(".call-headline", { hasText: "Finished" }).waitFor();
  await openTab(workbench, "Call Graph");
  await workbench.callPanel.locator(".graph-node", { hasText: "count_chapter" }).first().waitFor();
  await workbench.clearNotifications();
}

async function openTab(workbench: Workbench, name: string): Promise<void> {
  await workbench.callPanel.locator("vscode-tab-header", { hasText: name }).click();
}
