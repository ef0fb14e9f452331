import { functionCallIdFrom, inputKey, newId } from "../ids.ts";
import type { CallRecord, NewCall } from "../store/callStore.ts";
import type { Store } from "../store/store.ts";
import type { ActiveCall } from "./activeCall.ts";
import type { GeneratorItems } from "./generatorItems.ts";
import type { NewAttempt, NewFunctionCall, NewInput } from "./newCall.ts";
import { type ScheduledInput, scheduledInput } from "./scheduledInput.ts";

/** A call that was handed in. Without `added`, it was there already. */
export interface AcceptedCall {
  readonly record: CallRecord;
  readonly added?: readonly NewInput[];
}

/** An input that runs again. */
interface BegunAttempt {
  readonly input: ScheduledInput;
  /** Of the output of its last attempt, where that was large. */
  readonly supersededFile: string | undefined;
}

/**
 * Stores what callers hand in: calls, inputs and further attempts at them. What has been handed in before (a request that comes
 * again) is told from what is new, which is returned. Every method runs inside the caller's transaction.
 */
export class NewWork {
  readonly #store: Store;
  readonly #items: GeneratorItems;

  constructor(store: Store, items: GeneratorItems) {
    this.#store = store;
    this.#items = items;
  }

  /**
   * @param createdAt unix seconds
   */
  insertCall(request: NewFunctionCall, createdAt: number): AcceptedCall {
    const { calls } = this.#store;
    const { inputs, idempotencyKey, retriedByClient = false, ...call } = request;
    const functionCallId = idempotencyKey ? functionCallIdFrom(idempotencyKey) : newId("fc");
    const created: NewCall = { ...call, functionCallId, retriedByClient, createdAt };
    const number = calls.insertCall(created);
    if (number !== undefined) {
      const added = this.#insertInputs(number, inputs);
      return { record: { ...created, number, cancelled: false, finishedAt: undefined }, added };
    }
    const again = calls.get(functionCallId);
    if (!again) throw new Error(`The function call ${functionCallId} is there, and cannot be read.`);
    return { record: again };
  }

  /** Adds inputs to an open call. */
  addInputs({ record: { number, retriedByClient } }: ActiveCall, inputs: readonly NewInput[]): NewInput[] {
    if (retriedByClient) this.#store.attempts.reopen(number);
    return this.#insertInputs(number, inputs);
  }

  /** Returns the input if it runs again, and the file of the output that this supersedes. */
  beginAttempt(call: ActiveCall, { input, after, retryCount }: NewAttempt): BegunAttempt | undefined {
    const { attempts } = this.#store;
    const attempt = attempts.get(input);
    const isRepeated = attempt && after < retryCount && attempt.retryCount >= retryCount;
    if (!attempt || isRepeated) return undefined;
    if (!attempt.hasOutput || !this.#items.startOver({ call })) {
      attempts.renumber(input, retryCount);
      return undefined;
    }
    const supersededFile = attempts.begin(input, retryCount);
    const { dataFormat, methodName } = attempt;
    return { input: scheduledInput(call, { key: input, dataFormat, methodName, args: undefined }), supersededFile };
  }

  /** Returns the inputs that the call did not have yet. */
  #insertInputs(callNumber: number, inputs: readonly NewInput[]): NewInput[] {
    return inputs.filter((input) =>
      this.#store.calls.insertInput({ ...input, key: inputKey(callNumber, input.index) }),
    );
  }
}
