import { Command, InvalidArgumentError, Option } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { RUNTIME_NAMES } from "../proto/runtimes.ts";
import { apps } from "./commands/apps.ts";
import { ask } from "./commands/ask.ts";
import { autoscaler } from "./commands/autoscaler.ts";
import { call } from "./commands/call.ts";
import { cancel } from "./commands/cancel.ts";
import { clean } from "./commands/clean.ts";
import { containers } from "./commands/containers.ts";
import { definition } from "./commands/definition.ts";
import { deploy } from "./commands/deploy.ts";
import { environments } from "./commands/environments.ts";
import { exec, LOGS_WHEN, type LogsWhen } from "./commands/exec.ts";
import { exportData } from "./commands/export.ts";
import { functions } from "./commands/functions.ts";
import { get } from "./commands/get.ts";
import { graph } from "./commands/graph.ts";
import { history } from "./commands/history.ts";
import { importData } from "./commands/import.ts";
import { keepWarm } from "./commands/keepWarm.ts";
import { local } from "./commands/local.ts";
import { logs } from "./commands/logs.ts";
import { map } from "./commands/map.ts";
import { profiles } from "./commands/profiles.ts";
import { rollback } from "./commands/rollback.ts";
import { python, run as runApp } from "./commands/run.ts";
import { serve } from "./commands/serve.ts";
import { spawn } from "./commands/spawn.ts";
import { stats } from "./commands/stats.ts";
import { status } from "./commands/status.ts";
import { stop } from "./commands/stop.ts";
import { exampleHelp } from "./examples.ts";
import { EXIT_CODES_HELP } from "./exitCode.ts";
import { JSON_HELP } from "./json.ts";
import type { CommonOptions, Session } from "./session.ts";
import { parseSpan, parseTime } from "./times.ts";

const PYTHON_OPTION = "the interpreter (default: SPAWNPOINT_PYTHON, the active or nearest environment, PATH)";

const RUNTIME_DESCRIPTION =
  "what runs it (default: as the engine was told; at first Modal's own package where the interpreter has it)";

type Action<A extends unknown[]> = (session: Session, ...args: A) => Promise<void>;

/** Runs a command's work with a session that is made from the common options. */
export type WithSession = (options: CommonOptions, work: (session: Session) => Promise<void>) => Promise<void>;

/** The command line: which commands there are, and what they take. */
export function createProgram(withSession: WithSession): Command {
  const program = new Command("spawnpoint")
    .description(
      "Runs Modal functions on this machine. The engine that does so is found, or started, when it is needed. With --profile, calls functions on Modal instead.",
    )
    .option("--data <dir>", "the engine's data folder (default: SPAWNPOINT_HOME, else in the user's data folder)")
    .option("--profile <name>", "the server and account of this profile in ~/.modal.toml, instead of the engine")
    .option(
      "--environment <name>",
      "the environment (default: the engine's, and with --profile MODAL_ENVIRONMENT, else the profile's)",
    )
    .option("--verbose", "tell the causes of an error too")
    .version(packageJson.version)
    .addHelpText("after", EXIT_CODES_HELP)
    .exitOverride()
    .enablePositionalOptions();
  function run<A extends unknown[]>(action: Action<A>): (...all: [...A, Command]) => Promise<void> {
    return (...all) => {
      const command = all.at(-1) as Command;
      const options: CommonOptions = command.optsWithGlobals();
      const args = [...all.slice(0, -2), options] as unknown[] as A; // Commander's own options are without the common ones.
      return withSession(options, (session) => action(session, ...args));
    };
  }
  addEngineCommands(program, run);
  addFileCommands(program, run);
  addFunctionCommands(program, run);
  addCallCommands(program, run);
  addAppCommands(program, run);
  program
    .command("profiles")
    .description("list the profiles of ~/.modal.toml, or of the file that MODAL_CONFIG_PATH names")
    .option("--json", "print JSON")
    .action(run(profiles));
  takeCommonOptions(program);
  for (const command of program.commands) command.addHelpText("after", exampleHelp(command.name()));
  return program;
}

/** Every command takes the common options after its name, too: commander would give those of `run` to user code otherwise. */
function takeCommonOptions(program: Command): void {
  const common = program.options.filter(({ long }) => long !== "--version");
  for (const command of program.commands) {
    for (const { flags } of common) command.addOption(new Option(flags).hideHelp());
  }
  program.hook("preAction", (_, command) => {
    for (const option of common) {
      const name = option.attributeName();
      const value: unknown = command.getOptionValue(name);
      if (value !== undefined) program.setOptionValue(name, value);
    }
  });
}

/** May be given several times. */
const PARAM_OPTION = [
  "--param <name=value>",
  "a parameter of the method's instance, as JSON unless it is a str",
  collected,
] as const;

function runtimeOption(description: string): Option {
  return new Option("--runtime <runtime>", description).choices(RUNTIME_NAMES);
}

function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Makes a command's action of a function that takes the session, then the command's arguments and options. */
type Run = <A extends unknown[]>(action: Action<A>) => (...all: [...A, Command]) => Promise<void>;

function addEngineCommands(program: Command, run: Run): void {
  program
    .command("serve")
    .description("run the engine in the foreground")
    .option("--port <port>", "listen there (default: the last port if it is free, else any)", parseCount)
    .option("--in-memory", "keep nothing")
    .option("--no-fork", "start every container from nothing, also where the system can fork a warm one")
    .addOption(runtimeOption("what deploys files and runs functions, where whoever deploys leaves it open"))
    .option("--output-limit <mib>", "what is kept of what an input prints, in MiB (default: 16)", parseCount)
    .option("--memory-limit <mib>", "what a container may hold whose function names no limit of its own", parseCount)
    .option("--end-with-stdin", "end when stdin does, and so with the program that holds it, however that ends")
    .option("--input-plane", "have clients make their calls as on Modal's input plane, to try that")
    .option("--keep-days <days>", "forget finished calls after so many days, now and later; 0 never does", parseCount)
    .option("--keep-gigabytes <size>", "forget the oldest finished calls beyond this size; 0 never does", parseCount)
    .option("--json", "print one line when ready: url, tokenId, tokenSecret, pid, data")
    .action(run(serve));
  program
    .command("exec")
    .description("run a program, such as tests, with an engine of its own that is gone afterwards, and end as it ends")
    .argument("<command>", "the program, in whose environment any Modal client finds the engine")
    .argument("[arguments...]", "what it is given")
    .option("--deploy <file>", "deploy this Python file first; may be given several times", collected)
    .addOption(
      new Option("--logs <when>", "when to print on stderr what functions printed")
        .choices(LOGS_WHEN)
        .default("on-failure" satisfies LogsWhen),
    )
    .option("--python <path>", PYTHON_OPTION)
    .addOption(runtimeOption(RUNTIME_DESCRIPTION))
    .passThroughOptions()
    .action(run(exec));
  program
    .command("ask", { hidden: true })
    .requiredOption("--python <path>", "the interpreter that containers run with")
    .action(run(ask));
  program
    .command("status")
    .description("say whether an engine runs, and what it has")
    .option("--json", "print JSON")
    .action(run(status));
  program
    .command("clean")
    .description("forget finished calls, with their inputs, results and logs")
    .option("--older-than <span>", "those that finished so long ago, e.g. 12h or 7d", parseSpan)
    .option("--all", "all of them (default: what the data folder's limits do not allow)")
    .option("--dry-run", "only say how much that is")
    .option("--json", "print JSON")
    .action(run(clean));
  program
    .command("export")
    .description("write all that the data folder holds to an archive, without the tokens")
    .argument("<file>", "the archive to make, e.g. spawnpoint.tar.gz")
    .option("--json", "print JSON")
    .action(run(exportData));
  program
    .command("import")
    .description("make the data folder, which must be empty, of an archive")
    .argument("<file>", "an archive that export made")
    .option("--json", "print JSON")
    .action(run(importData));
  program.command("stop").description("end the engine; unfinished inputs wait for its next start").action(run(stop));
}

/** The commands whose subject is a Python file. */
function addFileCommands(program: Command, run: Run): void {
  program
    .command("deploy")
    .description("deploy every app in a Python file")
    .argument("<file>", "the Python file")
    .option("--python <path>", PYTHON_OPTION)
    .addOption(runtimeOption(RUNTIME_DESCRIPTION))
    .option("--json", "print JSON")
    .action(run(deploy));
  takesWords(
    program
      .command("run")
      .description("run a local entrypoint or a function of a file, in its app, which is stopped afterwards")
      .argument("<file[::name]>", "the Python file, and what to run in it unless there is one thing only: app.py::main")
      .option("-d, --detach", "let the app go on when this command goes, until its calls are finished")
      .option("-w, --write-result <file>", "write what it returns, a str or bytes, to a file"),
  ).action(run(runApp));
  takesWords(
    program
      .command("python")
      .description("run a script that runs apps itself, with app.run(), as python would")
      .argument("<file>", "the script"),
  ).action(run(python));
  takesArguments(
    program
      .command("local")
      .description(
        "run a function of a file right here, without the engine; of a generator, print a line for each item",
      )
      .argument("<file::function>", "the Python file and the function in it: app.py::square, app.py::Model.predict"),
  )
    .option("--app <name>", "the function's app, if several in the file have one of that name")
    .option(...PARAM_OPTION)
    .option("--python <path>", PYTHON_OPTION)
    .addHelpText("after", JSON_HELP)
    .action(run(local));
}

/** The commands whose subject is a deployed function. */
function addFunctionCommands(program: Command, run: Run): void {
  takesArguments(
    addFunctionCommand(
      program,
      "call",
      "call a function and print its result as JSON; of a generator, a line for each item",
    ),
  )
    .option(...PARAM_OPTION)
    .addHelpText("after", JSON_HELP)
    .action(run(call));
  takesArguments(addFunctionCommand(program, "spawn", "call a function without waiting, and print the call's id"))
    .option(...PARAM_OPTION)
    .addHelpText("after", JSON_HELP)
    .action(run(spawn));
  addFunctionCommand(program, "map", "call a function for each line of a file; print a line of JSON for each result")
    .requiredOption("--inputs <file>", "JSON Lines: an input a line; - reads stdin")
    .option("--star", "each line is an array of arguments (default: the one argument)")
    .option("--unordered", "print results as they arrive (default: in the order of the inputs)")
    .option("--kwargs <json>", "keyword arguments of every input, as an object")
    .option(...PARAM_OPTION)
    .addHelpText("after", JSON_HELP)
    .action(run(map));
  addFunctionCommand(program, "stats", "show a function's queue and containers")
    .option(...PARAM_OPTION)
    .option("--json", "print JSON")
    .action(run(stats));
  addFunctionCommand(program, "definition", "show where a deployed function is defined, and its text")
    .option("--json", "print JSON")
    .action(run(definition));
  addAutoscalerCommands(program, run);
}

function addAutoscalerCommands(program: Command, run: Run): void {
  addFunctionCommand(program, "keep-warm", "keep containers of a function running, until its app is deployed again")
    .argument("<containers>", "how many; 0 lets all of them go when they are idle", parseCount)
    .option(...PARAM_OPTION)
    .action(run(keepWarm));
  addFunctionCommand(program, "autoscaler", "show how a function's containers come and go, or change it")
    .option(...PARAM_OPTION)
    .option("--min-containers <count>", "containers that always run", parseCount)
    .option("--max-containers <count>", "containers at most", parseCount)
    .option("--buffer-containers <count>", "containers beyond those that the inputs need", parseCount)
    .option("--scaledown-window <seconds>", "how long an idle container waits for another input", parseCount)
    .option("--json", "print JSON")
    .action(run(autoscaler));
}

function addFunctionCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument("<app>", "the app's name")
    .argument("<function>", "the function's name; Class.method for a method");
}

/** Everything after the first argument goes to user code, options too. */
function takesWords(command: Command): Command {
  return command
    .argument("[arguments...]", "what it is called with, as it defines that: --name value")
    .option("--python <path>", PYTHON_OPTION)
    .addOption(runtimeOption(RUNTIME_DESCRIPTION))
    .passThroughOptions();
}

/** The options for what a function is called with. Whoever writes the arguments bare is told where they go. */
function takesArguments(command: Command): Command {
  return command
    .option("--args <json>", "positional arguments, as an array")
    .option("--kwargs <json>", "keyword arguments, as an object")
    .showHelpAfterError(`A function's arguments are JSON: --args '[7]' --kwargs '{"name": "x"}'.`);
}

function addCallCommands(program: Command, run: Run): void {
  addCallCommand(program, "get", "wait for a call's result and print it; of a map or a generator, all as it arrives")
    .option("--index <index>", "only the result of this input, from 0", parseCount)
    .option("--timeout <seconds>", "how long to wait for one result; 0 does not wait", parseSeconds)
    .addHelpText("after", JSON_HELP)
    .action(run(get));
  addCallCommand(program, "cancel", "cancel what is unfinished of a call")
    .option("--terminate-containers", "also end the containers that run it")
    .action(run(cancel));
  addCallCommand(program, "graph", "show which calls a call has made, as a tree")
    .option("--json", "print JSON, input by input")
    .action(run(graph));
}

function addAppCommands(program: Command, run: Run): void {
  program
    .command("logs")
    .description("print what functions printed: all of a call, of an app the last 100 entries, or what the options say")
    .argument("[app-or-call]", "an app's name or id, or a call's id (default: every app, below its name)")
    .option("-f, --follow", "wait for more; of a call, until it has finished")
    .option("--since <time>", "from then on, e.g. 30m, 2h or 7d ago, or 2026-03-01T05:00", parseTime)
    .option("--until <time>", "up to then (default: now)", parseTime)
    .option("-n, --tail <count>", "only the last entries, at most 20,000", parseCount)
    .addOption(new Option("-s, --source <source>", "only this one").choices(["stdout", "stderr", "system"]))
    .option("--search <text>", "only entries with this text")
    .option("--function <function>", "only this function's, by name or id")
    .option("--container <container>", "only this container's, ta-…")
    .option("--timestamps", "begin each line with its time")
    .option("--show-function-id", "begin each line with its function, fu-…")
    .option("--show-function-call-id", "begin each line with its call, fc-…")
    .option("--show-input-id", "begin each line with its input, in-…")
    .option("--show-container-id", "begin each line with its container, ta-…")
    .action(run(logs));
  program
    .command("apps")
    .description("list the apps that are deployed, or run")
    .option("--all", "also those that were stopped")
    .option("--json", "print JSON")
    .action(run(apps));
  addAppCommand(program, "functions", "list an app's functions, with web addresses, schedules and what is not applied")
    .option("--json", "print JSON")
    .action(run(functions));
  addAppCommand(program, "history", "list the versions of an app, newest first")
    .option("--json", "print JSON")
    .action(run(history));
  addAppCommand(program, "rollback", "put an old version of an app back, as a new one")
    .argument("[version]", "which one, e.g. v3 (default: the one before the current)")
    .action(run(rollback));
  program
    .command("containers")
    .description("list the containers that are there now")
    .argument("[app]", "only those of this app")
    .option("--json", "print JSON")
    .action(run(containers));
  program
    .command("environments")
    .description("list the environments of the workspace")
    .option("--json", "print JSON")
    .action(run(environments));
}

function addAppCommand(program: Command, name: string, description: string): Command {
  return program.command(name).description(description).argument("<app>", "the app's name or id");
}

function addCallCommand(program: Command, name: string, description: string): Command {
  return program.command(name).description(description).argument("<call>", "the call's id, fc-…");
}

function parseCount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Write a whole number.");
}

function parseSeconds(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Write a number of seconds.");
}
