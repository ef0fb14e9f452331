import { dirname, resolve } from "node:path";
import type { LogEntry } from "../../client/index.ts";
import type { RuntimeName } from "../../proto/runtimes.ts";
import { resolveInterpreter } from "../../targets/interpreter.ts";
import { runByModal } from "../../targets/runs/runByModal.ts";
import { type PythonStart, runPython } from "../../targets/runs/runPython.ts";
import type { Session } from "../session.ts";

interface PythonOptions {
  readonly python?: string;
  readonly runtime?: RuntimeName;
}

interface RunOptions extends PythonOptions {
  readonly detach?: boolean;
  readonly writeResult?: string;
}

/** `spawnpoint run FILE[::NAME] …`: runs a local entrypoint or a function in its app, without deploying that. */
export function run(session: Session, place: string, args: readonly string[], options: RunOptions): Promise<void> {
  const [givenPath = "", name = ""] = place.split("::", 2);
  const resultPath = options.writeResult === undefined ? "" : resolve(options.writeResult);
  const start = { kind: "entrypoint", name, detach: options.detach ?? false, resultPath } as const;
  return runHere(session, { ...start, path: resolve(givenPath), givenPath, args }, options);
}

/** `spawnpoint python FILE …`: runs a script that runs apps by itself. */
export function python(session: Session, file: string, args: readonly string[], options: PythonOptions): Promise<void> {
  return runHere(session, { kind: "script", path: resolve(file), givenPath: file, args }, options);
}

async function runHere(session: Session, start: PythonStart, options: PythonOptions): Promise<void> {
  const { localTarget, signal } = session;
  const explicit = options.python ? { command: options.python, source: "--python" } : undefined;
  const interpreter = await resolveInterpreter({ explicit, folder: dirname(start.path) });
  session.keepRunning();
  const how = { python: interpreter.path, signal, sharesTerminal: process.stdin.isTTY === true };
  const onLog = ({ source, text }: LogEntry) => (source === "stdout" ? process.stdout : process.stderr).write(text);
  session.exitCode =
    (await runByModal(localTarget, start, options.runtime ?? "automatic", how)) ??
    (await runPython(localTarget, start, { ...how, onLog }));
  signal.throwIfAborted();
}
