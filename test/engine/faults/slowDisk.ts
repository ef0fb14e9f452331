/** Loaded into an engine before its own code: a file says by how many milliseconds each commit of its database takes longer. */
import { readFileSync } from "node:fs";
import { StatementSync } from "node:sqlite";

const path = process.env.SLOW_DISK;
const never = new Int32Array(new SharedArrayBuffer(4));
const run = StatementSync.prototype.run;

function delayMs(): number {
  try {
    return Number(readFileSync(path ?? "", "utf8"));
  } catch {
    return 0;
  }
}

StatementSync.prototype.run = function (this: StatementSync, ...values: Parameters<typeof run>) {
  // As a disk would: nothing else goes on meanwhile.
  if (this.sourceSQL === "COMMIT") Atomics.wait(never, 0, 0, delayMs());
  return run.apply(this, values);
} as typeof run;
