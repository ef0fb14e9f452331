import type { ModalClient } from "../../src/client/index.ts";
import { type CpuProfile, profileOther, profileOwn } from "./cpuProfile.ts";
import { report } from "./figures.ts";
import { roomTimes } from "./profileRooms.ts";

/** Smaller shares are added up as the rest. */
const SMALLEST_SHARE = 0.03;

/** Work of so many pieces: calls, inputs or items. */
interface ProfiledWork {
  readonly what: string;
  readonly pieces: number;
  readonly run: () => Promise<void>;
}

/** Says what a warm call, an input of a map and an item cost in processor time, in engine and client, and where that goes. */
export async function measureProfiles(modal: ModalClient, enginePid: number): Promise<void> {
  for (const work of profiledWork(modal)) {
    await work.run(); // By then, its programs are compiled.
    reportProfile("engine", work, await profileOther(enginePid, work.run));
    reportProfile("client", work, await profileOwn(work.run));
  }
}

function profiledWork({ functions }: ModalClient): ProfiledWork[] {
  const square = functions.fromName("bench", "square");
  const callOften = async () => {
    for (let call = 0; call < 4_000; call++) await square.remote([7]);
  };
  const map = async () => {
    for await (const _ of square.map([Array.from({ length: 100_000 }, (_, index) => index)]));
  };
  const items = async () => {
    for await (const _ of functions.fromName("bench", "count").remoteGen([100_000]));
  };
  return [
    { what: "a warm call", pieces: 4_000, run: callOften },
    { what: "an input of a map", pieces: 100_000, run: map },
    { what: "an item of a generator", pieces: 100_000, run: items },
  ];
}

function reportProfile(who: string, { what, pieces }: ProfiledWork, profile: CpuProfile): void {
  const times = Object.entries(roomTimes(profile)).toSorted(([, one], [, other]) => other - one);
  const total = times.reduce((sum, [, time]) => sum + time, 0);
  const large = times.filter(([, time]) => time / total >= SMALLEST_SHARE);
  const shares = Object.fromEntries(large.map(([room, time]) => [room, time / total]));
  const rest = 1 - Object.values(shares).reduce((sum, share) => sum + share, 0);
  report({
    name: `processor time of the ${who} for ${what}`,
    unit: "µs",
    ours: total / pieces,
    shares: { ...shares, "the rest": rest },
  });
}
