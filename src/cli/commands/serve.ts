import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { UsageError } from "../cliError.ts";
import { enginePath, type Session } from "../session.ts";

interface ServeCommandOptions {
  readonly data?: string;
  readonly inMemory?: boolean;
  readonly json?: boolean;
  readonly port?: number;
  readonly inputPlane?: boolean;
}

/** `spawnpoint serve`: runs the engine in the foreground and ends as it ends. */
export async function serve(session: Session, options: ServeCommandOptions): Promise<void> {
  const { localTarget } = session;
  const { inMemory = false, json = false, inputPlane = false, port } = options;
  if (inMemory && options.data !== undefined) throw new UsageError("Give --data or --in-memory, not both.");
  const place = inMemory ? ["--in-memory"] : ["--data", localTarget.dataFolder];
  const args = [
    enginePath(),
    ...place,
    ...(json ? ["--json"] : []),
    ...(inputPlane ? ["--input-plane"] : []),
    ...(port === undefined ? [] : ["--port", String(port)]),
  ];
  const engine = spawn(process.execPath, args, { stdio: "inherit" });
  passOnSignals(engine);
  const [code, signal] = (await once(engine, "exit")) as [number | null, NodeJS.Signals | null];
  session.exitCode = code ?? 128 + constants.signals[signal ?? "SIGTERM"];
}

/** On a terminal, Ctrl-C goes to the engine and to this process alike: it must not arrive there twice. */
function passOnSignals(engine: ChildProcess): void {
  process.removeAllListeners("SIGINT").removeAllListeners("SIGTERM");
  process.on("SIGINT", () => {
    if (!process.stdin.isTTY) engine.kill("SIGINT");
  });
  for (const name of ["SIGTERM", "SIGHUP"] as const) process.on(name, () => engine.kill(name));
}
