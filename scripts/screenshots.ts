// `npm run screenshots`: takes the pictures of the README in a real VS Code, into media/screenshots.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Workbench } from "../test/e2e/workbench.ts";
import { installCodeServer } from "./installCodeServer.ts";
import { rootFolder } from "./project.ts";
import { step } from "./step.ts";
import { build, extensionPath, packageExtension } from "./vsix.ts";

const folder = join(rootFolder, "media", "screenshots");
const themes = { dark: "Default Dark Modern", light: "Default Light Modern" } as const;
type ThemeName = keyof typeof themes;

/** A picture of 256 tiles: [index, tiles per row, pixels of a tile]. */
const tiles = `*${JSON.stringify(Array.from({ length: 256 }, (_, index) => [index, 16, 96]))}`;

/** Waits, as for other people's servers, and says so many links of each page. */
const crawlerApp = (links: string) => `import time

import modal

app = modal.App("crawler")


@app.function(max_containers=8)
def fetch(page: int) -> dict:
    time.sleep(4 if page == 131 else 0.15 + page * 37 % 90 / 300)
    if page % 61 == 17:
        raise ConnectionError(f"page {page} does not answer")
    return {"page": page, "links": ${links}}
`;

/** Far beyond what the map needs on a slow machine. */
const longMapMs = 300_000;

const maximize = "View: Toggle Maximize Editor Group";

await step("Building", build);
await step("Packing the extension", () => packageExtension(extensionPath));
await installCodeServer();
await mkdir(folder, { recursive: true });
await step("Pictures, dark", () =>
  takePictures("dark", ["map", "pictures", "results", "waterfall", "stats", "call-graph", "compare"]),
);
await step("Pictures, light", () => takePictures("light", ["editor", "waterfall", "stats", "call-graph", "compare"]));

/** Goes through what the README shows, and keeps the pictures that are wanted in this theme. */
async function takePictures(theme: ThemeName, wanted: readonly string[]): Promise<void> {
  const workbench = await Workbench.open({
    files: { "crawler.py": crawlerApp("page * 37 % 100") },
    deployed: ["word_count.py", "crawler.py", "mandelbrot.py"],
    settings: { "workbench.colorTheme": themes[theme], "editor.minimap.enabled": false },
    size: { width: 1280, height: 800 },
  });
  // JPEG: a Mandelbrot picture is four times as large as PNG.
  const keep = async (name: string) => {
    const path = join(folder, `${name}-${theme}.jpg`);
    if (wanted.includes(name)) await workbench.page.screenshot({ path, type: "jpeg", quality: 88 });
  };
  try {
    await workbench.showSidebar();
    await workbench.treeItem("tile").waitFor();
    await workbench.codeLens("Run").first().waitFor();
    await keep("editor");
    if (wanted.includes("map")) {
      await startMap(workbench);
      await keep("map");
      await finishMap(workbench);
      await keep("pictures");
      await workbench.runCommand(maximize);
    }
    await showTimes(workbench, keep);
    await showCallGraph(workbench);
    await keep("call-graph");
    await showComparison(workbench);
    await keep("compare");
  } catch (error) {
    console.error(`  The screen is kept in ${await workbench.keepScreen(`screenshots-${theme}`)}.`);
    throw error;
  } finally {
    await workbench.close();
  }
}

/** Starts a map and waits until a good part of its pictures is there. */
async function startMap(workbench: Workbench): Promise<void> {
  await workbench.runCommand("Spawnpoint: Map");
  await workbench.pick("tile");
  await workbench.pick("Type inputs");
  await workbench.answer(/Inputs of tile/, tiles);
  await openTab(workbench, "Pictures");
  await workbench.treeItem("tile").click();
  await workbench.callPanel.locator(".mosaic img").nth(110).waitFor();
}

async function finishMap(workbench: Workbench): Promise<void> {
  await workbench.callPanel.locator(".call-headline", { hasText: "Finished" }).waitFor({ timeout: longMapMs });
  await maximizePanel(workbench);
  await workbench.callPanel.locator(".mosaic img").nth(255).waitFor();
}

/** A map over containers that start as it needs them, with a few failures and one input that takes far longer than the others. */
async function showTimes(workbench: Workbench, keep: (name: string) => Promise<void>): Promise<void> {
  const panel = workbench.callPanel;
  await mapFetch(workbench);
  await openTab(workbench, "Waterfall");
  await panel.locator(".call-headline", { hasText: "Finished" }).waitFor({ timeout: longMapMs });
  await maximizePanel(workbench);
  await panel.getByRole("button", { name: "straggler" }).waitFor();
  await workbench.clearNotifications();
  await keep("waterfall");
  await openTab(workbench, "Stats");
  await panel.locator(".time-chart canvas").nth(3).waitFor();
  await keep("stats");
  await openTab(workbench, "Results");
  await panel.locator("#result-12").click();
  await panel.locator(".result-detail").getByText('"links"').waitFor();
  await keep("results");
  await workbench.runCommand(maximize);
}

async function mapFetch(workbench: Workbench): Promise<void> {
  await workbench.runCommand("Spawnpoint: Map");
  await workbench.pick("fetch");
  await workbench.pick("Type inputs");
  await workbench.answer(/Inputs of fetch/, "0..239");
  await workbench.callPanel.getByRole("heading", { name: "fetch" }).waitFor();
}

/** The map of before, and the same map after a change of its function. */
async function showComparison(workbench: Workbench): Promise<void> {
  const panel = workbench.callPanel;
  await workbench.runCommand("View: Close All Editors");
  await writeFile(workbench.file("crawler.py"), crawlerApp("page * 37 % 100 + (page % 9 == 4)"));
  await workbench.deploy("crawler.py");
  await mapFetch(workbench);
  await panel.locator(".call-headline", { hasText: "Finished" }).waitFor({ timeout: longMapMs });
  await workbench.runCommand("View: Close All Editors"); // The page of the comparison is to be the only one.
  await workbench.runCommand("Spawnpoint: Compare Calls…");
  const calls = workbench.page.locator(".quick-input-list .monaco-list-row", { hasText: "fetch" });
  await workbench.page.getByPlaceholder(/on the left/).waitFor();
  await calls.nth(1).click();
  await workbench.page.getByPlaceholder(/on the right/).waitFor();
  await calls.first().click();
  await panel.getByRole("button", { name: /^Different/ }).click();
  await panel.locator("#compared-13").click();
  await panel.locator(".difference-right").first().waitFor();
  await workbench.clearNotifications();
}

async function showCallGraph(workbench: Workbench): Promise<void> {
  await workbench.runCommand("Spawnpoint: Run");
  await workbench.pick("count_library");
  await workbench.pick("Run");
  await workbench.callPanel.getByRole("heading", { name: "count_library" }).waitFor();
  await workbench.callPanel.locator(".call-headline", { hasText: "Finished" }).waitFor();
  await workbench.runCommand("View: Close Primary Side Bar");
  await maximizePanel(workbench);
  await openTab(workbench, "Call Graph");
  await workbench.callPanel.locator(".graph-node", { hasText: "count_chapter" }).first().waitFor();
  await workbench.clearNotifications();
}

/** Gives the panel, which opens beside the editor, the room of both. */
async function maximizePanel(workbench: Workbench): Promise<void> {
  const editorTab = workbench.page.locator('.tab[data-resource-name="word_count.py"]');
  await workbench.insist(
    "The panel is not maximized",
    () => editorTab.waitFor({ state: "hidden", timeout: 5_000 }),
    async () => {
      await workbench.page.locator(".editor-group-container").last().locator(".tab.active").click();
      await workbench.runCommand(maximize);
    },
  );
}

async function openTab(workbench: Workbench, name: string): Promise<void> {
  await workbench.callPanel.locator("vscode-tab-header", { hasText: name }).click();
}
