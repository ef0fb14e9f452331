import { execFileSync } from "node:child_process";
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { availableParallelism, cpus, loadavg, release, type } from "node:os";
import { dirname } from "node:path";
import { rootFolder } from "../../scripts/project.ts";
import type { Figure } from "./figures.ts";

/** What one part of a run measured, and where. A line of a history file is one of these. */
export interface RunRecord {
  readonly part: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Short id, with `+` when files differ from it. */
  readonly commit: string;
  readonly machine: string;
  /** Processes that wanted a processor in the minute before: at the part's start and at its end. */
  readonly load: readonly [number, number];
  readonly figures: readonly Figure[];
}

/** Before a run writes anything. */
const commit = commitOfNow();

/** @param loadBefore of the minute before the part began */
export function runRecord(part: string, loadBefore: number, figures: readonly Figure[]): RunRecord {
  const machine = [
    `${type()} ${release().split(/[-+]/)[0]}`,
    `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? "processor"}`,
    `Node ${process.versions.node}`,
  ].join(", ");
  const load = [rounded(loadBefore), rounded(currentLoad())] as const;
  return { part, at: new Date().toISOString(), commit, machine, load, figures };
}

export function currentLoad(): number {
  return loadavg()[0] ?? Number.NaN;
}

export async function appendRecord(path: string, record: RunRecord): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await appendFile(path, `${JSON.stringify(record)}\n`);
}

/** The oldest first; none where there is no file. */
export async function readRecords(path: string): Promise<RunRecord[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line): RunRecord => JSON.parse(line));
}

function commitOfNow(): string {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: rootFolder, encoding: "utf8" }).trim();
  try {
    return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain") === "" ? "" : "+");
  } catch {
    return "unknown"; // Not a git checkout.
  }
}

function rounded(load: number): number {
  return Math.round(load * 10) / 10;
}
