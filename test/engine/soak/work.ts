import assert from "node:assert/strict";
import { join } from "node:path";
import { type ModalClient, type ModalFunction, RemoteError } from "../../../src/client/index.ts";
import type { Dice } from "../dice.ts";
import { collected } from "../engineHarness.ts";
import type { AcknowledgedCall, Ledger } from "./ledger.ts";

/** Somebody who calls functions, one after another. */
export interface Caller {
  readonly modal: ModalClient;
  readonly dice: Dice;
  readonly ledger: Ledger;
  /** For files of functions. */
  readonly folder: string;
}

/** A piece of work: ends when its results are as they should be; fails by an AssertionError when they are wrong, and else as calls do. */
type Work = (caller: Caller) => Promise<void>;

/** The longest map; large values are larger than what goes by file, and than what goes by blob. */
const MOST_INPUTS = 300;
const LARGE_BYTES = [1_000, 100_000, 3_000_000];

const named = ({ modal }: Caller, name: string): ModalFunction => modal.functions.fromName("soak", name);
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
/** What one input of a map may fail by is counted with the calls at the end; here only its place matters. */
const orFailure = (results: readonly unknown[], right: (index: number) => unknown) =>
  results.map((result, index) => (result instanceof Error ? right(index) : result));

export const kindsOfWork: Readonly<Record<string, Work>> = {
  async call(caller) {
    const x = caller.dice.below(1_000);
    assert.equal(await named(caller, "square").remote([x]), x * x);
  },
  async "call with a large value"(caller) {
    const data = new Uint8Array(caller.dice.pick(LARGE_BYTES) ?? 0).fill(caller.dice.below(256));
    assert.deepEqual(new Uint8Array((await named(caller, "echo").remote([data])) as Uint8Array), data);
  },
  async "spawned call"(caller) {
    const x = caller.dice.below(1_000);
    const { functionCallId } = await named(caller, "square").spawn([x]);
    acknowledged(caller, { functionCallId, work: "spawned call", inputs: 1, isRight: (value) => value === x * x });
  },
  async map(caller) {
    const inputs = numbers(1 + caller.dice.below(MOST_INPUTS));
    const results = await collected(named(caller, "square").map([inputs], { returnExceptions: true }));
    assert.deepEqual(
      orFailure(results, (index) => index * index),
      inputs.map((x) => x * x),
    );
  },
  async "spawned map"(caller) {
    const inputs = 1 + caller.dice.below(MOST_INPUTS);
    const { functionCallId } = await named(caller, "beside").spawnMap(numbers(inputs).map((x) => [x]));
    const isRight = (value: unknown, index: number) => value === index + 1;
    acknowledged(caller, { functionCallId, work: "spawned map", inputs, isRight });
  },
  async "map in batches"(caller) {
    const inputs = numbers(1 + caller.dice.below(MOST_INPUTS));
    const results = await collected(named(caller, "doubled").map([inputs], { returnExceptions: true }));
    assert.deepEqual(
      orFailure(results, (index) => index * 2),
      inputs.map((x) => x * 2),
    );
  },
  async generator(caller) {
    const count = caller.dice.below(MOST_INPUTS);
    let next = 0;
    for await (const item of named(caller, "count").remoteGen([count])) assert.equal(item, next++);
    assert.equal(next, count);
  },
  async "method of a class"(caller) {
    const name = `caller ${caller.dice.below(3)}`;
    const { modal } = caller;
    const greet = modal.classes.fromName("soak", "Greeter").instance({ name }).method("greet");
    assert.equal(await greet.remote([2]), `hello ${name}`.repeat(2));
  },
  async "calls by a function"(caller) {
    const count = caller.dice.below(40);
    const sum = numbers(count).reduce((total, x) => total + x * x, 0);
    assert.equal(await named(caller, "nested").remote([count]), sum);
  },
  async "call that raises"(caller) {
    const text = `no ${caller.dice.below(1_000)}`;
    await assert.rejects(named(caller, "fail").remote([text]), (error) => {
      if (!(error instanceof RemoteError)) throw error;
      assert.match(error.message, new RegExp(text));
      return true;
    });
  },
  async "call that is tried again"(caller) {
    const path = join(caller.folder, `stumbled-${Math.floor(caller.dice.roll() * 2 ** 48)}`);
    assert.equal(await named(caller, "stumble").remote([path]), path);
  },
  async "cancelled call"(caller) {
    const call = await named(caller, "nap").spawn([0.5]);
    await call.cancel();
    const { functionCallId } = call;
    acknowledged(caller, { functionCallId, work: "cancelled call", inputs: 1, isRight: (value) => value === 0.5 });
  },
};

function acknowledged({ ledger }: Caller, call: AcknowledgedCall): void {
  ledger.calls.push(call);
}
