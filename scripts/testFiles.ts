import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { run } from "node:test";
import { spec, type TestEvent } from "node:test/reporters";
import { rootFolder } from "./project.ts";
import { seconds } from "./step.ts";

/** How many tests there were, by how they ended. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

/** Far beyond what any one test needs, and any one file: they only end what hangs. */
const LIMITS = { testMs: 240_000, fileMs: 480_000 };

/**
 * Runs test files, each in a process of its own, and prints what each one says when it has ended. A file that does not end in time
 * is killed, named, and counts as a failed test: by itself, Node's runner would wait for ever for a timer that a test has left.
 * A file that fails is run once more, alone, after all others, and its second run counts: one moment in which the machine stood
 * still must not hide what the other files say. Both runs are printed, and the file is named at the end.
 *
 * @param files paths from the root folder
 * @param lanes files that run at a time
 * @param limits how long one test and one file may take
 */
export async function runTestFiles(files: readonly string[], lanes: number, limits = LIMITS): Promise<TestCounts> {
  const first = await runInLanes(files, lanes, limits);
  if (first.broken.length === 0) return first;
  console.log(`▸ Once more, alone: ${first.broken.join(", ")}`);
  const second = await runInLanes(first.broken, 1, limits);
  for (const file of first.broken) {
    const isBroken = second.broken.includes(file);
    console.log(
      isBroken ? `✖ ${file} has failed twice; see above.` : `⚠ ${file} passed only when it ran again; see above.`,
    );
  }
  return { passed: first.passed + second.passed, failed: second.failed };
}

/** What a run of several files came to. The tests of a broken file are counted in `failed` alone, since it may run again. */
interface LanesResult extends TestCounts {
  readonly broken: readonly string[];
}

async function runInLanes(files: readonly string[], lanes: number, limits: typeof LIMITS): Promise<LanesResult> {
  const waiting = [...files];
  const result = { passed: 0, failed: 0, broken: [] as string[] };
  const lane = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const { passed, failed } = await runTestFile(file, limits);
      result.failed += failed;
      if (failed > 0) result.broken.push(file);
      else result.passed += passed;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return result;
}

async function runTestFile(file: string, { testMs, fileMs }: typeof LIMITS): Promise<TestCounts> {
  const startedAt = performance.now();
  const limit = new AbortController();
  const end = () => limit.abort(new Error(`${file} did not end within ${fileMs / 1_000} s, so it was killed.`));
  const timer = setTimeout(end, fileMs);
  const tests = run({ files: [file], cwd: rootFolder, timeout: testMs, signal: limit.signal });
  // Kept until the file has ended: what files say that run side by side must not mix.
  const events: TestEvent[] = [];
  let result: TestCounts = { passed: 0, failed: 1 };
  for await (const event of tests as AsyncIterable<TestEvent>) {
    if (event.type === "test:summary") result = countsOf(event.data);
    if (!isCount(event)) events.push(event);
  }
  clearTimeout(timer);
  process.stdout.write(`${file} (${seconds(startedAt)})\n${await text(Readable.from(events).compose(spec))}`);
  return result;
}

function countsOf({ counts }: Extract<TestEvent, { type: "test:summary" }>["data"]): TestCounts {
  return { passed: counts.passed, failed: counts.tests - counts.passed - counts.skipped - counts.todo };
}

/** Whether this is a count of one file's tests; they are added up instead. */
function isCount({ type, data }: TestEvent): boolean {
  return type === "test:diagnostic" && data.file === undefined;
}
