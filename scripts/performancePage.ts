import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Figure, figureRow, sharesText } from "../test/bench/figures.ts";
import { keptPath, lastOf } from "../test/bench/history.ts";
import { parts } from "../test/bench/parts.ts";
import { type RunRecord, readRecords } from "../test/bench/runRecord.ts";
import { marked } from "./markdown.ts";
import { rootFolder } from "./project.ts";

const COMMANDS = { begin: "<!-- commands -->", end: "<!-- /commands -->" };
const FIGURES = { begin: "<!-- figures -->", end: "<!-- /figures -->" };

/** Makes docs/performance.md: what is written there, with the tables of commands and figures anew. */
export async function performancePage(): Promise<string> {
  const page = await readFile(join(rootFolder, "docs", "performance.md"), "utf8");
  const names = parts.map(({ name }) => name);
  const kept = lastOf(await readRecords(keptPath), names);
  return withBetween(withBetween(page, COMMANDS, commandTable()), FIGURES, kept.map(sectionOf).join("\n\n"));
}

function withBetween(page: string, { begin, end }: typeof FIGURES, text: string): string {
  const [before, rest = ""] = page.split(begin);
  return `${before}${begin}\n${text}\n${end}${rest.slice(rest.indexOf(end) + end.length)}`;
}

function commandTable(): string {
  const rows = parts.map(
    ({ name, measures, isByNameOnly }) =>
      `| \`npm run bench -- ${name}\`${isByNameOnly ? ", by its name only" : ""} | ${marked(measures)} |`,
  );
  return ["| Command | Measures |", "|---|---|", ...rows].join("\n");
}

function sectionOf({ part, at, commit, machine, load, figures }: RunRecord): string {
  const where = `${at.slice(0, 10)}, commit ${commit}, ${machine}, load ${load[0]} to ${load[1]}.`;
  return [`### \`npm run bench -- ${part}\``, where, figureTable(figures), ...profileTables(figures)].join("\n\n");
}

function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { figure: name, ours, peer, ratio, mustHold } = figureRow(figure);
    return `| ${marked(name)} | ${ours} | ${peer} | ${ratio} | ${mustHold} |`;
  });
  return ["| Figure | Spawnpoint | Peer | Ratio | Must hold |", "|---|---|---|---|---|", ...rows].join("\n");
}

function profileTables(figures: readonly Figure[]): string[] {
  const rows = figures.flatMap(({ name, shares }) => (shares ? [`| ${name} | ${sharesText(shares)} |`] : []));
  return rows.length === 0 ? [] : [["| | Goes to |", "|---|---|", ...rows].join("\n")];
}
