import { ModalClient as SdkClient } from "modal";
import type { ModalClient } from "../../src/client/index.ts";
import type { EngineAddress } from "../../src/targets/engineAddress.ts";
import { durationMs, median, report } from "./figures.ts";

const CALLS_ONE_BY_ONE = 500;
const ROUNDS = 3;
const CALLS_AT_ONCE = 4_000;
/** How many calls the SDK has under way; the best for it is found out first. */
const CONCURRENCIES = [20, 100, 500, CALLS_AT_ONCE];

type Work = () => Promise<unknown>;

/**
 * Measures calls beside Modal's JavaScript SDK: the same engine, function and process, in turns, so that whatever else the
 * machine does hits both.
 */
export async function measureBesideSdk(modal: ModalClient, address: EngineAddress): Promise<void> {
  process.env.MODAL_SERVER_URL = address.url; // The one way in which the SDK takes a server.
  const sdk = new SdkClient({ tokenId: address.tokenId, tokenSecret: address.tokenSecret });
  try {
    const ours = modal.functions.fromName("bench", "square");
    const theirs = await sdk.functions.fromName("bench", "square");
    const call = () => theirs.remote([7]);
    await measureOneByOne("warm call", () => ours.remote([7]), call);
    await measureOneByOne(
      "spawn and get",
      async () => (await ours.spawn([7])).get(),
      async () => (await theirs.spawn([7])).get(),
    );
    const concurrency = await bestConcurrency(call);
    const peer = () => atOnce(CALLS_AT_ONCE, concurrency, call);
    const inputs = Array.from({ length: CALLS_AT_ONCE }, () => 7);
    const map = async () => {
      for await (const _ of ours.map([inputs]));
    };
    await measureMany("many calls: map", map, `remote, ${concurrency} at once`, peer);
    const remotes = () => atOnce(CALLS_AT_ONCE, concurrency, () => ours.remote([7]));
    await measureMany(`many calls: remote, ${concurrency} at once`, remotes, "the same", peer);
  } finally {
    sdk.close();
  }
}

async function measureOneByOne(name: string, ours: Work, theirs: Work): Promise<void> {
  const times = await inTurns(CALLS_ONE_BY_ONE, ours, theirs);
  report({ name: `${name}, beside the SDK`, unit: "ms", ...times });
}

async function measureMany(name: string, ours: Work, peerName: string, theirs: Work): Promise<void> {
  const times = await inTurns(ROUNDS, ours, theirs);
  const perSecond = (ms: number) => CALLS_AT_ONCE / (ms / 1_000);
  const figure = { ours: perSecond(times.ours), peer: perSecond(times.peer) };
  report({ name: `${name}, beside the SDK's ${peerName}`, unit: "calls/s", ...figure });
}

/** Medians in milliseconds. Who goes first changes with every turn. */
async function inTurns(turns: number, ours: Work, theirs: Work): Promise<{ ours: number; peer: number }> {
  const own: number[] = [];
  const others: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    if (turn % 2 === 0) own.push(await durationMs(ours));
    others.push(await durationMs(theirs));
    if (turn % 2 === 1) own.push(await durationMs(ours));
  }
  return { ours: median(own), peer: median(others) };
}

async function bestConcurrency(call: Work): Promise<number> {
  const tried: [number, number][] = [];
  for (const concurrency of CONCURRENCIES) {
    tried.push([await durationMs(() => atOnce(CALLS_AT_ONCE / 4, concurrency, call)), concurrency]);
  }
  return tried.toSorted(([one], [other]) => one - other)[0]?.[1] ?? 1;
}

async function atOnce(calls: number, concurrency: number, call: Work): Promise<void> {
  let left = calls;
  const worker = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: Math.min(calls, concurrency) }, worker));
}
