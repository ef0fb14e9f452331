import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { PYTHON } from "./workerHarness.ts";

const PYTHON_SIDE = join(import.meta.dirname, "../../src/python");

/** Runs a Python program that can import our Python side, reads samples as lines of hexadecimals, and answers each by a line. */
export function pythonLines(program: string, samples: readonly Uint8Array[]): string[] {
  const answers = execFileSync(PYTHON, ["-c", program], {
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: PYTHON_SIDE, PYTHONDONTWRITEBYTECODE: "1" },
    input: samples.map((bytes) => `${Buffer.from(bytes).toString("hex")}\n`).join(""),
  });
  return answers.trimEnd().split("\n");
}
