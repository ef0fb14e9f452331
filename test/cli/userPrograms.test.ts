import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { CommandLine } from "./commandLine.ts";

/** What new users write, an area each: the programs check themselves, and print `ok` at their end. */
const PROGRAMS = [
  ["calls.py", "functions: calls, maps, generators, and what is known of them"],
  ["asyncCalls.py", "functions from an event loop"],
  ["variants.py", "functions with other settings, statistics and autoscaling"],
  ["secrets.py", "secrets and environment variables"],
  ["services.py", "dicts, queues and volumes, and what only Modal's cloud has, which is refused when it is used"],
  ["addresses.py", "the addresses of web endpoints"],
] as const;

let cli: CommandLine;
before(async () => {
  cli = await CommandLine.build();
});
after(() => cli[Symbol.asyncDispose]());

for (const [file, name] of PROGRAMS) {
  test(name, async () => {
    const path = await cli.file(file, await readFile(join(import.meta.dirname, "programs", file), "utf8"));
    await cli.file(".env", "FROM_FILE=one\nexport QUOTED='two # not a comment'  # a comment\n\n# nothing\n");
    const { code, stdout, stderr } = await cli.run(["run", path]);
    assert.deepEqual({ code, last: stdout.trim().split("\n").at(-1) }, { code: 0, last: "ok" }, stderr);
  });
}
