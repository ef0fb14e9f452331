import { type CommandResult, tryCommand } from "./childProcess.ts";
import { checkGeneratedCode } from "./generatedCode.ts";
import { rootFolder } from "./project.ts";
import { checkPythonSyntax } from "./pythonSyntax.ts";
import { seconds } from "./step.ts";

interface Check {
  readonly name: string;
  readonly run: () => Promise<CommandResult>;
}

const checks: readonly Check[] = [
  { name: "Format and lint (biome)", run: tool("biome", "check", "--error-on-warnings", "--max-diagnostics=50") },
  { name: "Types (tsc)", run: tool("tsc", "-p", ".") },
  { name: "Unused code and packages (knip)", run: tool("knip", "--no-progress") },
  { name: "Rooms and cycles (dependency-cruiser)", run: tool("depcruise", "src", "test", "scripts") },
  { name: "Generated code is up to date (buf)", run: checkGeneratedCode },
  { name: "Generated pages are up to date (docs)", run: tool(process.execPath, "scripts/docs.ts", "--check") },
  { name: "Translated sentences are up to date (l10n)", run: tool(process.execPath, "scripts/l10n.ts", "--check") },
  { name: "Python 3.9 syntax", run: checkPythonSyntax },
];

/** Runs every static check at once; prints a line per check, and what a failed one has to say. */
export async function runChecks(): Promise<{ passed: number; failed: number }> {
  const results = await Promise.all(checks.map(runCheck));
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed };
}

async function runCheck(check: Check): Promise<boolean> {
  const startedAt = performance.now();
  const { code, output } = await check.run();
  console.log(`${code === 0 ? "✔" : "✖"} ${check.name} (${seconds(startedAt)})`);
  if (code !== 0) console.log(output.trimEnd().replace(/^/gm, "    "));
  return code === 0;
}

function tool(command: string, ...args: string[]): () => Promise<CommandResult> {
  return () => tryCommand(command, args, { cwd: rootFolder });
}
