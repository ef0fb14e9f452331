import type { CallRecord } from "../callRecord.ts";
import type { ConnectCallServer } from "../callServer.ts";
import { ComparedCall } from "./comparedCall.ts";
import type { ComparedRow, Verdict } from "./comparedModel.ts";

const VERDICTS: readonly Verdict[] = ["different", "onlyLeft", "onlyRight", "same", "waiting"];

/** A call, and the way to the server that has it. */
export interface ComparedSource {
  readonly record: CallRecord;
  readonly connect: ConnectCallServer;
}

/** Which inputs have which verdict: all of them, or those of one. */
export interface ComparedSelection {
  /** Ascending. */
  readonly indexes: readonly number[];
  /** Of all inputs, whatever is selected. */
  readonly counts: Readonly<Record<Verdict, number>>;
}

/** Two calls side by side, input by input, by the inputs' indexes. Made for 100,000 of them: what is asked for is found anew each time. */
export class Comparison {
  readonly left: ComparedCall;
  readonly right: ComparedCall;

  constructor(left: ComparedSource, right: ComparedSource, onNews: () => void) {
    this.left = new ComparedCall(left.record, left.connect, onNews);
    this.right = new ComparedCall(right.record, right.connect, onNews);
  }

  /** Reads both calls until all is known or the signal aborts. Never rejects. */
  async follow(signal: AbortSignal): Promise<void> {
    await Promise.all([this.left.follow(signal), this.right.follow(signal)]);
  }

  /** @param wanted undefined for all */
  select(wanted: Verdict | undefined): ComparedSelection {
    const counts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, 0])) as Record<Verdict, number>;
    const indexes: number[] = [];
    const end = Math.max(this.left.rows.end, this.right.rows.end);
    for (let index = 0; index < end; index++) {
      const verdict = this.#verdict(index);
      if (!verdict) continue;
      counts[verdict] += 1;
      if (wanted === undefined || wanted === verdict) indexes.push(index);
    }
    return { indexes, counts };
  }

  row(index: number): ComparedRow | undefined {
    const verdict = this.#verdict(index);
    return verdict && { index, verdict, left: this.left.rows.get(index), right: this.right.rows.get(index) };
  }

  /** Undefined: neither call has a result. */
  #verdict(index: number): Verdict | undefined {
    const left = this.left.digest(index);
    const right = this.right.digest(index);
    if (left !== undefined && right !== undefined) return left === right ? "same" : "different";
    if (left !== undefined) return this.right.isComplete ? "onlyLeft" : "waiting";
    if (right !== undefined) return this.left.isComplete ? "onlyRight" : "waiting";
    return undefined;
  }
}
