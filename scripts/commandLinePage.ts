import type { Command, Option } from "commander";
import { EXAMPLES } from "../src/cli/examples.ts";
import { EXIT_CODES_HELP } from "../src/cli/exitCode.ts";
import { JSON_HELP } from "../src/cli/json.ts";
import { createProgram } from "../src/cli/program.ts";
import { marked } from "./markdown.ts";

const INTRODUCTION = `# The command line

\`npm run build\` makes the command \`spawnpoint\`; in this folder \`npx spawnpoint\` runs it, and the package that \`npm pack\` makes installs it elsewhere.
It finds the engine of this machine, or starts one, and needs nothing but Node 22.13 or newer and Python 3.9 or newer.

This page is made from the command line's own help by \`npm run docs\`. Its examples are run by a test, in the order of the page, in a folder
with these two files; … stands for what is different each time.

\`\`\`python app.py
import time

import modal

app = modal.App("example")


@app.function()
def square(x: int) -> int:
    print(f"the square of {x}")
    return x * x


@app.function()
def area(width: int, height: int) -> int:
    return width * height


@app.function()
def countdown(start: int):
    yield from range(start, 0, -1)


@app.function()
def wait(seconds: float) -> None:
    time.sleep(seconds)


@app.cls()
class Till:
    currency: str = modal.parameter(default="EUR")

    @modal.method()
    def add(self, amount: int) -> str:
        return f"{amount} {self.currency}"


@app.local_entrypoint()
def main(count: int = 10):
    print(sum(square.map(range(count))))
\`\`\`

\`\`\`python script.py
from app import app, square

if __name__ == "__main__":
    with app.run():
        print(square.remote(12))
\`\`\``;

/** The commands in the order of the page, which is the one in which their examples run. */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  Functions: [
    "deploy",
    "call",
    "spawn",
    "map",
    "run",
    "python",
    "local",
    "definition",
    "stats",
    "keep-warm",
    "autoscaler",
  ],
  "Function calls": ["get", "graph", "logs", "cancel"],
  Apps: ["apps", "functions", "containers", "environments", "history", "rollback"],
  "The engine": ["status", "clean", "export", "import", "stop", "serve", "exec"],
  Accounts: ["profiles"],
};

/**
 * Makes docs/command-line.md.
 *
 * @throws Error a command stands in no section, or has no example
 */
export async function commandLinePage(): Promise<string> {
  const program = createProgram(() => Promise.resolve());
  const shown = program
    .createHelp()
    .visibleCommands(program)
    .filter((command) => command.name() !== "help");
  const commands = new Map(shown.map((command) => [command.name(), command]));
  const sections = Object.entries(SECTIONS).map(([title, names]) => {
    const parts = names.map((name) => commandSection(taken(commands, name)));
    return [`## ${title}`, ...parts].join("\n\n");
  });
  const forgotten = [...commands.keys()];
  if (forgotten.length > 0) throw new Error(`scripts/commandLinePage.ts has no section for ${forgotten.join(", ")}.`);
  const common = `## Options of every command\n\n${optionTable(program.options)}`;
  return `${[INTRODUCTION, common, helpSection(JSON_HELP), ...sections, helpSection(EXIT_CODES_HELP)].join("\n\n")}\n`;
}

function taken(commands: Map<string, Command>, name: string): Command {
  const command = commands.get(name);
  if (!command) throw new Error(`The command line has no command ${name}.`);
  commands.delete(name);
  return command;
}

function commandSection(command: Command): string {
  const name = command.name();
  const example = EXAMPLES[name];
  if (!example) throw new Error(`src/cli/examples.ts has no example of ${name}.`);
  const description = command.description();
  const rows = command.registeredArguments.map((argument) => {
    const shown = `${argument.name()}${argument.variadic ? "…" : ""}`;
    return `| \`${argument.required ? `<${shown}>` : `[${shown}]`}\` | ${marked(argument.description)} |`;
  });
  const options = command.options.filter(({ hidden }) => !hidden).map(optionRow);
  const table = [...rows, ...options];
  return [
    `### ${name}`,
    `${description.charAt(0).toUpperCase()}${marked(description.slice(1))}.`,
    ...(table.length > 0 ? [`| | |\n|---|---|\n${table.join("\n")}`] : []),
    fenced("sh", example.lines.join("\n")),
    ...(example.prints === undefined ? [] : [fenced("text", example.prints)]),
  ].join("\n\n");
}

function optionTable(options: readonly Option[]): string {
  return `| | |\n|---|---|\n${options.map(optionRow).join("\n")}`;
}

function optionRow({ flags, description, argChoices, mandatory }: Option): string {
  const choices = argChoices ? `: ${argChoices.join(", ")}` : "";
  return `| \`${flags}\` | ${marked(description)}${choices}${mandatory ? "; required" : ""} |`;
}

/** What help says in a block of its own: a title with a colon, and indented lines. */
function helpSection(help: string): string {
  const [title = "", ...lines] = help.trim().split("\n");
  return `## ${title.replace(":", "")}\n\n${fenced("text", lines.map((line) => line.slice(2)).join("\n"))}`;
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
