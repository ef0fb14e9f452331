import { dirname, resolve } from "node:path";
import { LocalFunction } from "../../client/index.ts";
import { resolveInterpreter } from "../../targets/interpreter.ts";
import { type CallOptions, parseArgs, parseKwargs } from "../callArguments.ts";
import { guessedValue, type InstanceOptions, parameterTexts } from "../callable.ts";
import { UsageError } from "../cliError.ts";
import { jsonText } from "../json.ts";
import type { Session } from "../session.ts";

interface LocalCommandOptions extends CallOptions, InstanceOptions {
  readonly app?: string;
  readonly python?: string;
}

/** `spawnpoint local FILE::FUNCTION`: runs a function of a file without the engine, and prints what it gives. */
export async function local(session: Session, place: string, options: LocalCommandOptions): Promise<void> {
  const { output, signal } = session;
  const [args, kwargs] = [parseArgs(options), parseKwargs(options)];
  const texts = parameterTexts(options.param ?? []);
  const parameters = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, guessedValue(text)]));
  const { path, qualname } = parsePlace(place);
  const explicit = options.python ? { command: options.python, source: "--python" } : undefined;
  const { path: python } = await resolveInterpreter({ explicit, folder: dirname(path) });
  const fn = new LocalFunction({
    path,
    qualname,
    parameters,
    parameterTexts: texts,
    python,
    ...(options.app && { appName: options.app }),
  });
  // What the function prints goes to stderr: results alone are on stdout, so that another program can read them.
  for await (const { isItem, value } of fn.run(args, kwargs, { signal })) {
    await output.line(jsonText(value, output.isTerminal && !isItem ? 2 : undefined));
  }
}

function parsePlace(place: string): { path: string; qualname: string } {
  const [, file, qualname] = /^(.+)::([^:]+)$/.exec(place) ?? [];
  if (file && qualname) return { path: resolve(file), qualname };
  throw new UsageError(`${place} is not a file and a function; write FILE::FUNCTION, such as app.py::square.`);
}
