import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { Frame } from "playwright-core";
import { installCodeServer } from "../../scripts/installCodeServer.ts";
import { extensionPath, packageExtension } from "../../scripts/vsix.ts";
import { type FunctionCall, ModalClient } from "../../src/client/index.ts";
import { Workbench } from "../e2e/workbench.ts";
import { percentile, report } from "./figures.ts";
import { MEGABYTE } from "./memory.ts";

const INPUTS = 100_000;
const SCROLLED_FRAMES = 240;
/** With every frame: some 600 rows in a second. */
const SCROLLED_PX = 240;
const SETTLING_MS = 2_000;

/**
 * The call panel of the packed extension in a real VS Code: what it adds to the extension host while a map of tiny inputs runs at full
 * speed, and how a panel with 100,000 results opens and scrolls.
 */
export async function measurePanel(): Promise<void> {
  await installCodeServer();
  await packageExtension(extensionPath);
  const source = await readFile(join(import.meta.dirname, "panel.py"), "utf8");
  const workbench = await Workbench.open({ files: { "panel.py": source }, deployed: ["panel.py"] });
  try {
    await workbench.page.addInitScript(noteFirstRow);
    const host = await extensionHostPid(dirname(workbench.file(".")));
    const bench = { workbench, host, modal: new ModalClient(await workbench.engineAddress()) };
    const alone = await runMap(bench, async () => undefined);
    const call = await runMap(bench, (functionCallId) => showCall(workbench, functionCallId));
    report({ name: "map of 100,000 tiny inputs, nobody looks", unit: "inputs/s", ours: alone.perSecond });
    report({ name: "the same with its panel open", unit: "inputs/s", ours: call.perSecond, peer: alone.perSecond });
    const added = call.cores - alone.cores;
    report({ name: "what the panel adds to the extension host", unit: "cores", ours: added, limit: 0.25 });
    await reopen(workbench, call.functionCallId);
  } finally {
    await workbench.close();
  }
}

interface Bench {
  readonly workbench: Workbench;
  readonly host: number;
  readonly modal: ModalClient;
}

/** Runs a map whose inputs wait in the queue until everything is ready, and says what the extension host took meanwhile. */
async function runMap({ workbench, host, modal }: Bench, look: (functionCallId: string) => Promise<unknown>) {
  const gate = workbench.file(`gate-${Math.random()}`);
  const rows = Array.from({ length: INPUTS }, (_, index): [number, string] => [index, gate]);
  const call = await modal.functions.fromName("panel-bench", "record").spawnMap(rows);
  await look(call.functionCallId);
  await delay(SETTLING_MS);
  const [startedAt, cpuBefore] = [performance.now(), await cpuMs(host)];
  await writeFile(gate, "");
  await finished(call);
  const elapsedMs = performance.now() - startedAt;
  const cores = ((await cpuMs(host)) - cpuBefore) / elapsedMs;
  return { functionCallId: call.functionCallId, perSecond: INPUTS / (elapsedMs / 1_000), cores };
}

async function finished(call: FunctionCall): Promise<void> {
  while ((await call.info()).pendingInputs > 0) await delay(20);
}

/** Opens the panel of a finished call anew, scrolls through it, and weighs it. */
async function reopen(workbench: Workbench, functionCallId: string): Promise<void> {
  await workbench.callPanel.getByText("Finished").waitFor();
  await workbench.runCommand("View: Close All Editors");
  const page = await showCall(workbench, functionCallId);
  const startedMs = await waitForNumber(page, "startedMs");
  report({ name: "VS Code loads the page of the panel", unit: "ms", ours: startedMs });
  const firstRowMs = await waitForNumber(page, "firstRowMs");
  report({ name: "first rows of 100,000, since then", unit: "ms", ours: firstRowMs - startedMs, limit: 200 });
  await workbench.callPanel.locator('.result-table[aria-rowcount="100001"]').waitFor();
  const ours = await page.evaluate(scrollThrough, { frames: SCROLLED_FRAMES, stepPx: SCROLLED_PX, isEmpty: false });
  report({ name: "rows in view that were not there yet", unit: "%", ours: ours.blankShare * 100, limit: 1 });
  const bytes = await page.evaluate(
    () => (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? 0,
  );
  report({ name: "memory of the page's process", unit: "MB", ours: bytes / MEGABYTE, limit: 200 });
  // The screen's rate, as far as this machine draws it, is that of a page with nothing in it.
  const empty = await page.evaluate(scrollThrough, { frames: SCROLLED_FRAMES, stepPx: SCROLLED_PX, isEmpty: true });
  for (const [name, share] of [
    ["a frame while scrolling, beside an empty page", 0.5],
    ["95th percentile of it", 0.95],
  ] as const) {
    report({ name, unit: "ms", ours: percentile(ours.frameMs, share), peer: percentile(empty.frameMs, share) });
  }
}

async function showCall(workbench: Workbench, functionCallId: string): Promise<Frame> {
  await workbench.runCommand("Spawnpoint: Show Call");
  await workbench.pick("Enter the id of a call");
  await workbench.answer("fc-", functionCallId);
  await workbench.callPanel.getByRole("heading", { name: "record" }).waitFor();
  const element = await workbench.callPanel.locator("main").elementHandle();
  const frame = await element?.ownerFrame();
  if (!frame) throw new Error("The page of the call panel is gone.");
  return frame;
}

async function waitForNumber(page: Frame, name: "startedMs" | "firstRowMs"): Promise<number> {
  return (await (await page.waitForFunction((wanted) => window[wanted], name)).jsonValue()) ?? Number.NaN;
}

declare global {
  interface Window {
    /** When the page's script had begun, and when the first row was there. */
    startedMs?: number;
    firstRowMs?: number;
  }
}

/** Runs in every page before its own scripts. */
function noteFirstRow(): void {
  // VS Code writes the document anew after this has run, which ends observers of it.
  const timer = setInterval(() => {
    if (document.querySelector("main")) window.startedMs ??= performance.now();
    if (window.startedMs === undefined || !document.querySelector(".result-row")) return;
    window.firstRowMs = performance.now();
    clearInterval(timer);
  }, 5);
}

interface Scrolling {
  readonly frames: number;
  /** With every frame. */
  readonly stepPx: number;
  /** Whether a page with nothing in it is scrolled instead, which then covers ours. */
  readonly isEmpty: boolean;
}

/** Runs in the page: scrolls down with every frame, and now and then counts the rows that are there. */
async function scrollThrough({ frames, stepPx, isEmpty }: Scrolling): Promise<{
  frameMs: number[];
  blankShare: number;
}> {
  const emptyScroller = () => {
    const made = document.createElement("div");
    const space = document.createElement("div");
    made.style.cssText = "position: fixed; inset: 0; overflow-y: auto; background: var(--vscode-editor-background)";
    space.style.height = "2400000px";
    made.append(space);
    document.body.append(made);
    return made;
  };
  const scroller = isEmpty ? emptyScroller() : document.querySelector(".result-rows");
  if (!scroller) throw new Error("There are no rows.");
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  const frameMs: number[] = [];
  let [seen, expected] = [0, 0];
  let before = await frame();
  for (let number = 0; number < frames; number++) {
    scroller.scrollTop += stepPx;
    const now = await frame();
    frameMs.push(now - before);
    before = now;
    if (isEmpty || number % 10 > 0) continue;
    const room = scroller.getBoundingClientRect();
    expected += Math.floor(room.height / 24) - 1;
    for (const row of scroller.querySelectorAll(".result-row")) {
      const { top, bottom } = row.getBoundingClientRect();
      if (top >= room.top && bottom <= room.bottom) seen++;
    }
  }
  return { frameMs, blankShare: isEmpty ? 0 : Math.max(0, 1 - seen / expected) };
}

/** The extension host whose VS Code was started with this folder. Other VS Codes may run on this machine. */
async function extensionHostPid(folder: string): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-eo", "pid=,args="], { maxBuffer: 64 * 1024 * 1024 });
  for (const line of stdout.split("\n")) {
    if (!line.includes("--type=extensionHost")) continue;
    const pid = Number.parseInt(line, 10);
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    if (environment.includes(folder)) return pid;
  }
  throw new Error("The extension host is not found; this is measured on Linux only.");
}

/** Processor time that a process took so far, from Linux's /proc. */
async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
