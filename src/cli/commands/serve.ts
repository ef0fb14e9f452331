import { spawn } from "node:child_process";
import { ENGINE_NODE_OPTIONS } from "../../targets/engineStart.ts";
import { checkNodeVersion } from "../../targets/nodeVersion.ts";
import { exitCodeOfChild, passOnSignals } from "../childProcess.ts";
import { UsageError } from "../cliError.ts";
import { enginePath, type Session } from "../session.ts";

interface ServeCommandOptions {
  readonly data?: string;
  readonly inMemory?: boolean;
  readonly json?: boolean;
  readonly port?: number;
  readonly inputPlane?: boolean;
  readonly endWithStdin?: boolean;
  readonly fork?: boolean;
  readonly runtime?: string;
  readonly outputLimit?: number;
  readonly memoryLimit?: number;
  readonly keepDays?: number;
  readonly keepGigabytes?: number;
}

/** `spawnpoint serve`: runs the engine in the foreground and ends as it ends. */
export async function serve(session: Session, options: ServeCommandOptions): Promise<void> {
  const { localTarget } = session;
  const { inMemory = false, json = false, inputPlane = false, fork = true, runtime, port } = options;
  if (inMemory && options.data !== undefined) throw new UsageError("Give --data or --in-memory, not both.");
  checkNodeVersion(process.versions.node);
  const place = inMemory ? ["--in-memory"] : ["--data", localTarget.dataFolder];
  const args = [
    ...ENGINE_NODE_OPTIONS,
    enginePath(),
    ...place,
    ...(json ? ["--json"] : []),
    ...(inputPlane ? ["--input-plane"] : []),
    ...(options.endWithStdin ? ["--end-with-stdin"] : []),
    ...(fork ? [] : ["--no-fork"]),
    ...(runtime === undefined ? [] : ["--runtime", runtime]),
    ...numberOption("--port", port),
    ...numberOption("--output-limit", options.outputLimit),
    ...numberOption("--memory-limit", options.memoryLimit),
    ...numberOption("--keep-days", options.keepDays),
    ...numberOption("--keep-gigabytes", options.keepGigabytes),
  ];
  const engine = spawn(process.execPath, args, { stdio: "inherit" });
  passOnSignals(engine);
  session.exitCode = await exitCodeOfChild(engine);
}

function numberOption(name: string, value: number | undefined): string[] {
  return value === undefined ? [] : [name, String(value)];
}
