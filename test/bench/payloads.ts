import type { ModalClient } from "../../src/client/index.ts";
import { startBareServer } from "./bareServer.ts";
import { durationMs, median, report } from "./figures.ts";
import { MEGABYTE } from "./memory.ts";

/** Sizes of values, with how many of them make a round of some 40 MB. */
const SIZES = [
  { name: "20 KB", bytes: 20_000, values: 1_000 },
  { name: "100 KB", bytes: 100_000, values: 400 },
  { name: "1 MB", bytes: MEGABYTE, values: 40 },
  { name: "10 MB", bytes: 10 * MEGABYTE, values: 8 },
] as const;
const ROUNDS = 3;
/** As many requests are under way to the bare server. */
const AT_ONCE = 8;

/** Measures echoes of values, stored on both ways, beside the same bytes through a bare server of the same grpc-js. In turns. */
export async function measurePayloads(modal: ModalClient): Promise<void> {
  const echo = modal.functions.fromName("bench", "echo");
  for (const { name, bytes, values } of SIZES) {
    const value = new Uint8Array(bytes).fill(7);
    const inputs = Array<Uint8Array>(values).fill(value);
    const server = await startBareServer(bytes);
    const ours: number[] = [];
    const bare: number[] = [];
    try {
      for (let round = -1; round < ROUNDS; round++) {
        const mapMs = await durationMs(async () => {
          for await (const _ of echo.map([inputs]));
        });
        const bareMs = await durationMs(() => manyRequests(values, () => server.unary(Buffer.from(value))));
        if (round < 0) continue; // The first round warms both up.
        ours.push(mapMs);
        bare.push(bareMs);
      }
    } finally {
      server.close();
    }
    const perSecond = (times: readonly number[]) => (bytes * values) / MEGABYTE / (median(times) / 1_000);
    const figures = { ours: perSecond(ours), peer: perSecond(bare) };
    report({ name: `echoes of ${name}, beside a bare server`, unit: "MB/s", ...figures });
  }
}

async function manyRequests(count: number, request: () => Promise<unknown>): Promise<void> {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await request();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
