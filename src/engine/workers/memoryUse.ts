import { readdirSync, readFileSync } from "node:fs";

const KIB = 1024;

/**
 * Whether a process and those that it started hold more of the machine's memory than that. Linux tells (proc(5)); elsewhere, and of
 * a process that is gone, it is false.
 */
export function usesMoreMemory(pid: number, bytes: number): boolean {
  const children = descendants(pid);
  const own = residentBytes(pid);
  if (own + sum(children, residentBytes) <= bytes) return false;
  // What a child shares with its parent since the fork would count twice.
  return own + sum(children, privateBytes) > bytes;
}

/** Memory that a template shares with its containers counts for each: one that had started from nothing would hold it, too. */
function residentBytes(pid: number): number {
  return kibibytes(read(`/proc/${pid}/status`), /^VmRSS:\s+(\d+) kB/gm);
}

function privateBytes(pid: number): number {
  return kibibytes(read(`/proc/${pid}/smaps_rollup`), /^Private_\w+:\s+(\d+) kB/gm);
}

function descendants(pid: number): number[] {
  const children = threads(pid).flatMap((thread) => numbers(read(`/proc/${pid}/task/${thread}/children`)));
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function threads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function numbers(text: string): number[] {
  return text.split(" ").filter(Boolean).map(Number);
}

function kibibytes(text: string, pattern: RegExp): number {
  return sum([...text.matchAll(pattern)], ([, digits]) => Number(digits)) * KIB;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
