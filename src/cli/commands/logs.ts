import type { LogEntry, LogFilter, LogSource, ModalClient } from "../../client/index.ts";
import { UsageError } from "../cliError.ts";
import type { Output } from "../output.ts";
import type { Session } from "../session.ts";

interface LogsCommandOptions {
  readonly follow?: boolean;
  /** Unix milliseconds. */
  readonly since?: number;
  readonly until?: number;
  readonly tail?: number;
  readonly source?: LogSource;
  readonly search?: string;
  /** A name, or an id. */
  readonly function?: string;
  readonly container?: string;
  readonly timestamps?: boolean;
  readonly showFunctionId?: boolean;
  readonly showFunctionCallId?: boolean;
  readonly showInputId?: boolean;
  readonly showContainerId?: boolean;
}

/** `spawnpoint logs [APP|CALL]`: prints what functions printed. Of apps, the last entries, unless the user says of which time. */
export async function logs(
  { target, output, signal }: Session,
  appOrCall: string | undefined,
  options: LogsCommandOptions,
): Promise<void> {
  checkOptions(options);
  const modal = await target.modal();
  if (appOrCall === undefined) return printLogsOfAllApps(modal, output, options, signal);
  const print = printer(output, options);
  for await (const entry of entries(modal, appOrCall, options, signal)) await print(entry);
}

/** Prints what each app has printed, also those that are over, below its name as `tail` writes that of a file. */
export async function printLogsOfAllApps(
  modal: ModalClient,
  output: Output,
  options: LogsCommandOptions,
  signal: AbortSignal,
): Promise<void> {
  if (options.follow || options.function !== undefined) {
    throw new UsageError("--follow and --function are for one app; name it, such as: spawnpoint logs my-app --follow.");
  }
  for (const { appId, name } of await modal.apps.list()) {
    const print = printer(output, options);
    let isFirst = true;
    for await (const entry of entries(modal, appId, options, signal)) {
      if (isFirst) await output.line(`==> ${name} <==`);
      isFirst = false;
      await print(entry);
    }
  }
}

function checkOptions({ follow, since, until, tail }: LogsCommandOptions): void {
  if (follow && (since ?? until ?? tail) !== undefined) {
    throw new UsageError("--follow waits for what is to come; leave out --since, --until and --tail.");
  }
  if (since !== undefined && until !== undefined && since >= until) {
    throw new UsageError("--since must be before --until.");
  }
}

async function* entries(
  modal: ModalClient,
  appOrCall: string,
  options: LogsCommandOptions,
  signal: AbortSignal,
): AsyncGenerator<LogEntry> {
  const { follow, since, until, tail: limit } = options;
  const isCall = appOrCall.startsWith("fc-");
  const filter = await logFilter(modal, appOrCall, options);
  if (follow && isCall) yield* modal.calls.fromId(appOrCall).logs.stream({ ...filter, follow, signal });
  else if (follow) yield* modal.logs.stream({ ...filter, follow, signal });
  else if (limit !== undefined) yield* await modal.logs.tail({ ...filter, limit, since, until, signal });
  else if (since !== undefined) yield* modal.logs.fetch({ ...filter, since, until, signal });
  else if (isCall && until === undefined) yield* modal.logs.stream({ ...filter, signal });
  else yield* await modal.logs.tail({ ...filter, until, signal });
}

async function logFilter(modal: ModalClient, appOrCall: string, options: LogsCommandOptions): Promise<LogFilter> {
  const { source, search: searchText, container: taskId } = options;
  const narrowed = { source, searchText, taskId };
  if (appOrCall.startsWith("fc-")) {
    const { appId } = await modal.calls.fromId(appOrCall).hydrate();
    return { ...narrowed, appId, functionCallId: appOrCall };
  }
  const { appId } = await modal.apps.lookup(appOrCall);
  return { ...narrowed, appId, functionId: options.function && (await functionId(modal, appId, options.function)) };
}

async function functionId({ apps }: ModalClient, appId: string, nameOrId: string): Promise<string> {
  if (nameOrId.startsWith("fu-")) return nameOrId;
  const functions = await apps.layout(appId);
  const found = functions.find(({ name }) => name === nameOrId);
  if (found) return found.functionId;
  const names = functions.map(({ name }) => name).join(", ");
  throw new UsageError(`The app has no function "${nameOrId}" now; it has: ${names}.`);
}

/** Prints entries, which are pieces of text: one may have several lines, or a part of one. What is asked for stands where a line begins. */
function printer(output: Output, options: LogsCommandOptions): (entry: LogEntry) => Promise<void> {
  let isLineStart = true;
  return async (entry) => {
    const prefix = prefixOf(entry, options);
    const lines = entry.text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const text = lines.map((line, index) => (index > 0 || isLineStart ? prefix + line : line)).join("");
    isLineStart = entry.text.endsWith("\n");
    await output.text(text);
  };
}

/** In the order of Modal's own command, the input between the call and the container. An id that an entry has not is left out. */
function prefixOf(entry: LogEntry, options: LogsCommandOptions): string {
  const parts = [
    options.timestamps && new Date(entry.at).toISOString(),
    options.showFunctionId && entry.functionId,
    options.showFunctionCallId && entry.functionCallId,
    options.showInputId && entry.inputId,
    options.showContainerId && entry.taskId,
  ];
  return parts.map((part) => (part ? `${part} ` : "")).join("");
}
