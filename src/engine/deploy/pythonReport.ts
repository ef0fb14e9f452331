import { spawn } from "node:child_process";
import { endReason } from "../../proto/processEnd.ts";

/** What a Python process of ours reports on a descriptor of its own; stdout is the user's. */
export interface PythonReport {
  /** What it wrote there: all, or nothing when it died before. */
  readonly text: string;
  /** What it printed, or user code did. */
  readonly stdout: string;
  readonly stderr: string;
  /** How it ended, as the end of a sentence. */
  readonly ended: string;
}

interface ReportOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Default: it takes as long as it takes. */
  readonly timeoutMs?: number;
  /** Kills it. */
  readonly signal?: AbortSignal;
}

const REPORT = 3;

/** Runs a Python script that writes one report to descriptor 3. */
export async function pythonReport(
  python: string,
  args: readonly string[],
  { cwd, env, timeoutMs, signal }: ReportOptions,
): Promise<PythonReport> {
  const child = spawn(python, args, {
    ...{ cwd, env, signal, timeout: timeoutMs },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    killSignal: "SIGKILL",
    windowsHide: true,
  });
  const [report, stdout, stderr] = [child.stdio[REPORT] as NodeJS.ReadableStream, child.stdout, child.stderr].map(
    collect,
  );
  const ended = await new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(`could not be started (${error.message})`));
    child.on("close", (code, endSignal) => resolve(endReason(code, endSignal)));
  });
  return { text: textOf(report), stdout: textOf(stdout), stderr: textOf(stderr), ended };
}

function collect(stream: NodeJS.ReadableStream | null): Buffer[] {
  const chunks: Buffer[] = [];
  stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream?.on("error", () => {}); // Ends with the process, which tells.
  return chunks;
}

function textOf(chunks: readonly Buffer[] = []): string {
  return Buffer.concat(chunks).toString("utf8");
}
