import { join } from "node:path";
import { absentPatterns, matches, patternOf } from "../src/engine/service/absentMethods.ts";
import { commandLine } from "../src/engine/service/commandLine.ts";
import { behaviour, type CompatibilityArea, compatibility } from "../src/engine/service/compatibility.ts";
import { modalMethods } from "../src/engine/service/modalMethods.ts";
import { modalService } from "../src/engine/service/modalService.ts";
import { Conversation } from "../src/engine/workers/modal/conversation.ts";
import { ModalClient } from "../src/proto/gen/modal_pb.js";
import { sdkMethods } from "../test/interop/sdkMessages.ts";
import { runCommand } from "./childProcess.ts";
import { rootFolder } from "./project.ts";

const INTRODUCTION = `# Compatibility

The local engine speaks Modal's own protocol. This page says what differs, goes through every method of
Modal's service as its JavaScript SDK knows it, and ends with the options of functions. It is made from code by \`npm run docs\`, and a check says
when it is out of date. **done**: Modal's clients get what they expect. **partly**: some of what they may ask for is refused, or left out.
**not**: the method answers UNIMPLEMENTED.`;

/** Makes docs/compatibility.md. */
export async function compatibilityPage(): Promise<string> {
  const methods = [...(await sdkMethods()).keys()];
  if (methods.toSorted().join() !== modalMethods.toSorted().join())
    throw new Error(`src/engine/service/modalMethods.ts is out of date: the SDK knows ${methods.join(" ")}.`);
  const options = JSON.parse(await runCommand("python3", ["-c", OPTIONS], { env: { PYTHONPATH } }));
  const parts = [
    INTRODUCTION,
    `## Behaviour\n\n${behaviour.map((sentence) => `- ${sentence}`).join("\n")}`,
    commandTable(),
    methodTables(compatibility, methods, handledMethods()),
    optionTable(options),
  ];
  return `${parts.join("\n\n")}\n`;
}

const PYTHONPATH = join(rootFolder, "src", "python");
const OPTIONS = "import json; from modal.options import NOT_APPLIED_REASONS as reasons; print(json.dumps(reasons))";

/** What Modal's own command line can do here. */
function commandTable(): string {
  const rows = commandLine.map(({ command, what }) => `| \`${command}\` | ${what} |`);
  return ["## Modal's command line", "", "| Command | Here |", "|---|---|", ...rows].join("\n");
}

/** The methods that have a handler, by their names on the wire. */
function handledMethods(): string[] {
  // The handlers are only counted; a house that is asked for anything has it.
  const anything: never = new Proxy(() => anything, { get: () => anything, apply: () => anything }) as never;
  const handlers = { ...modalService(anything), ...new Conversation(anything, anything, anything).handlers };
  return Object.entries(ModalClient.method).flatMap(([key, { name }]) => (key in handlers ? [name] : []));
}

/**
 * One table for each area, and the numbers of all.
 *
 * @param methods of Modal's service, by their names on the wire
 * @param handled those that have a handler
 * @throws Error the areas do not say what there is
 */
export function methodTables(
  areas: readonly CompatibilityArea[],
  methods: readonly string[],
  handled: readonly string[],
): string {
  check(areas, methods, handled);
  const listed = areas.map(({ title, served = {}, absent = {} }) => ({
    title,
    served: Object.entries(served),
    absent: Object.entries(absent).map(([pattern, why]) => {
      const meant = methods.filter((name) => !handled.includes(name) && patternOf(areas, name) === pattern);
      return { names: meant, why };
    }),
  }));
  const remarks = listed.flatMap(({ served }) => served.map(([, remark]) => remark));
  const partial = remarks.filter(({ isPartial }) => isPartial).length;
  const numbers = `Of ${methods.length} methods ${remarks.length - partial} are done, ${partial} partly, and ${methods.length - remarks.length} not.`;
  const tables = listed.map(({ title, served, absent }) => {
    const rows = [
      ...served.map(([name, remark]) => row(name, remark.isPartial ? "partly" : "done", remark.text)),
      ...absent.flatMap(({ names, why }) => names.map((name) => row(name, "not", why))),
    ];
    return `### ${title}\n\n| Method | Status | What differs |\n|---|---|---|\n${rows.join("\n")}`;
  });
  return [`## Methods\n\n${numbers}`, ...tables].join("\n\n");
}

function row(name: string, status: string, text: string): string {
  return `| ${name} | ${status} | ${text} |`;
}

function check(areas: readonly CompatibilityArea[], methods: readonly string[], handled: readonly string[]): void {
  const served = areas.flatMap((area) => Object.keys(area.served ?? {}));
  const problems = [
    complaint(
      "have a handler and no remark",
      handled.filter((name) => !served.includes(name)),
    ),
    complaint(
      "have a remark and no handler",
      served.filter((name) => !handled.includes(name)),
    ),
    complaint(
      "are of Modal's service and not mentioned",
      methods.filter((name) => !served.includes(name) && !patternOf(areas, name)),
    ),
    complaint(
      "are mentioned and not of Modal's service",
      [...served, ...absentPatterns(areas)].filter((name) => !methods.some((method) => matches(name, method))),
    ),
    complaint(
      "are mentioned twice",
      [...served, ...absentPatterns(areas)].filter((name, index, all) => all.indexOf(name) !== index),
    ),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0)
    throw new Error(`src/engine/service/compatibility.ts is not complete. ${problems.join(" ")}`);
}

function complaint(what: string, names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : `These ${what}: ${names.join(", ")}.`;
}

function optionTable(reasons: Readonly<Record<string, string>>): string {
  const rows = Object.entries(reasons).map(([name, reason]) => `| \`${name}\` | ${reason} |`);
  return `## Options of functions without effect

They are accepted, and told when the app is deployed. So are the decorators for web endpoints.

| Option | Why |
|---|---|
${rows.join("\n")}`;
}
