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
import { median, report } from "./figures.ts";
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
    report({ name: "what the panel adds to the extension host", unit: "cores", ours: call.cores - alone.cores });
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
  report({ name: "first rows of 100,000, since then", unit: "ms", ours: firstRowMs - startedMs });
  await workbench.callPanel.locator('.result-table[aria-rowcount="100001"]').waitFor();
  const { frameMs, blankShare } = await page.evaluate(scrollThrough, [SCROLLED_FRAMES, SCROLLED_PX] as const);
  report({ name: "a frame while scrolling through them", unit: "ms", ours: median(frameMs) });
  report({
    name: "95th percentile of it",
    unit: "ms",
    ours: frameMs.toSorted((a, b) => a - b)[Math.floor(frameMs.length * 0.95)] ?? 0,
  });
  report({ name: "rows in view that were not there yet", unit: "%", ours: blankShare * 100 });
  const bytes = await page.evaluate(
    () => (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? 0,
  );
  report({ name: "memory of the page's process", unit: "MB", ours: bytes / MEGABYTE });
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

/** Runs in the page: scrolls down by so many pixels with every frame. */
async function scrollThrough([frames, stepPx]: readonly [number, number]): Promise<{
  frameMs: number[];
  blankShare: number;
}> {
  const scroller = document.querySelector(".result-rows");
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
    const room = scroller.getBoundingClientRect();
    expected += Math.floor(room.height / 24);
    for (const row of scroller.querySelectorAll(".result-row")) {
      const { top, bottom } = row.getBoundingClientRect();
      if (top >= room.top && bottom <= room.bottom) seen++;
    }
  }
  return { frameMs, blankShare: Math.max(0, 1 - seen / expected) };
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
