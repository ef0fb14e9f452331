/** How a command is used. */
export interface Example {
  /** Of a shell. */
  readonly lines: readonly string[];
  /** What they print, with … for what is different each time; left out where that says little. */
  readonly prints?: string;
}

/**
 * An example of each command. They are about the `app.py` and the `script.py` of `docs/command-line.md`, and a test runs them in the order
 * of that page.
 */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  deploy: {
    lines: ["spawnpoint deploy app.py"],
    prints: `example is deployed as version 1, 5 functions:
…`,
  },
  call: {
    lines: [
      "spawnpoint call example square --args '[7]'",
      "spawnpoint call example countdown --kwargs '{\"start\": 3}'   # a generator: a line for each item",
      "spawnpoint call example Till.add --args '[5]' --param currency=CHF",
    ],
    prints: `49
3
2
1
"5 CHF"`,
  },
  spawn: {
    lines: ["call=$(spawnpoint spawn example square --args '[8]')", 'echo "$call"'],
    prints: "fc-…",
  },
  map: {
    lines: [
      "seq 0 9 | spawnpoint map example square --inputs - > squares.jsonl",
      "printf '[2, 3]\\n[5, 7]\\n' | spawnpoint map example area --inputs - --star",
    ],
    prints: `{"index":0,"result":6}
{"index":1,"result":35}`,
  },
  run: { lines: ["spawnpoint run app.py::main --count 3"] },
  python: { lines: ["spawnpoint python script.py"] },
  local: { lines: ["spawnpoint local app.py::area --args '[6, 7]'"], prints: "42" },
  definition: {
    lines: ["spawnpoint definition example area"],
    prints: `…/app.py:14
@app.function()
def area(width: int, height: int) -> int:
    return width * height`,
  },
  stats: {
    lines: ["spawnpoint stats example square"],
    prints: `backlog         0
runners         …
running inputs  0
input headroom  …`,
  },
  "keep-warm": { lines: ["spawnpoint keep-warm example square 1"] },
  autoscaler: {
    lines: ["spawnpoint autoscaler example square --max-containers 4 --scaledown-window 30"],
    prints: `minimum of containers  1
maximum of containers  4
buffer containers      0
scale-down window      30 s`,
  },
  get: { lines: ['spawnpoint get "$call"'], prints: "64" },
  graph: { lines: ['spawnpoint graph "$call"'], prints: "square  fc-…  1 input: 1 SUCCESS" },
  cancel: { lines: ["spawnpoint cancel \"$(spawnpoint spawn example wait --args '[3600]')\""] },
  logs: {
    lines: [
      'spawnpoint logs "$call" --follow',
      "spawnpoint logs example --since 1h --search 'square of 7' --timestamps",
    ],
    prints: `the square of 8
… the square of 7`,
  },
  apps: { lines: ["spawnpoint apps"], prints: "example  deployed  ap-…" },
  functions: {
    lines: ["spawnpoint functions example"],
    prints: `square     …/app.py:8
area       …/app.py:14
countdown  …/app.py:19
wait       …/app.py:24
Till.add   …/app.py:33`,
  },
  containers: { lines: ["spawnpoint containers example"] },
  environments: { lines: ["spawnpoint environments"], prints: "main  default" },
  history: { lines: ["spawnpoint history example"], prints: "v1  …  current" },
  rollback: {
    lines: ["sed -i.old 's/x \\* x/x ** 2/' app.py && spawnpoint deploy app.py", "spawnpoint rollback example v1"],
    prints: `example is deployed as version 2, 5 functions:
…
example is at version 3 now, which puts back version 1.`,
  },
  profiles: { lines: ["spawnpoint profiles"] },
  status: {
    lines: ["spawnpoint status"],
    prints: `engine             …, process …, up …
address            http://127.0.0.1:…
data               …
size               …: database …, snapshots …
limits             finished calls are kept for 30 d, up to 10 GiB
apps               1
function calls     …
unfinished inputs  0
containers         …`,
  },
  clean: { lines: ["spawnpoint clean --older-than 7d --dry-run"], prints: "Would forget 0 function calls…" },
  export: { lines: ["spawnpoint export backup.tar.gz"], prints: "…/backup.tar.gz has … function calls, …." },
  import: {
    lines: ["spawnpoint import backup.tar.gz --data ./restored"],
    prints: "…/restored has … function calls now.",
  },
  stop: { lines: ["spawnpoint stop"] },
  exec: {
    lines: [
      "spawnpoint exec --deploy app.py -- spawnpoint call example square --args '[9]'   # or pytest, node --test, …",
    ],
    prints: "81",
  },
  serve: {
    lines: [
      "mkfifo ready",
      "spawnpoint serve --in-memory --json > ready &   # an engine for a script of your own",
      "read -r address < ready                         # which goes on when the engine is ready",
      "kill $!",
    ],
  },
};

/** The same for a command's `--help`. */
export function exampleHelp(command: string): string {
  const lines = EXAMPLES[command]?.lines ?? [];
  return `\nExample${lines.length === 1 ? "" : "s"}:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
