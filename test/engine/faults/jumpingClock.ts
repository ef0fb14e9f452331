/** Loaded into an engine before its own code: a file beside its data says by how many milliseconds its wall clock is wrong. */
import { readFileSync } from "node:fs";

const path = process.env.JUMPING_CLOCK;
const rightNow = Date.now.bind(Date);

function offsetMs(): number {
  try {
    return Number(readFileSync(path ?? "", "utf8"));
  } catch {
    return 0;
  }
}

Date.now = () => rightNow() + offsetMs();
