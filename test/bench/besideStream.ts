import { create, toBinary } from "@bufbuild/protobuf";
import type { Client } from "@grpc/grpc-js";
import type { ModalClient } from "../../src/client/index.ts";
import { encodeCbor } from "../../src/client/payloads/cbor.ts";
import { DataChunkSchema, DataFormat } from "../../src/proto/gen/modal_pb.js";
import { startBareServer } from "./bareServer.ts";
import { stream } from "./echoMethod.ts";
import { durationMs, median, report } from "./figures.ts";

const ITEMS = 20_000;
const ROUNDS = 5;

/**
 * Measures the items of one generator, which are stored before anybody is given one, beside a server stream of a bare server of the same
 * grpc-js, with messages of the same size. In turns.
 */
export async function measureBesideStream(modal: ModalClient): Promise<void> {
  const server = await startBareServer(itemBytes());
  try {
    const count = modal.functions.fromName("bench", "count");
    const generator = async () => {
      for await (const _ of count.remoteGen([ITEMS]));
    };
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = -1; round < ROUNDS; round++) {
      const times = [await durationMs(generator), await durationMs(() => readStream(server.client))] as const;
      if (round < 0) continue; // The first round warms both up.
      ours.push(times[0]);
      bare.push(times[1]);
    }
    const perSecond = (times: readonly number[]) => ITEMS / (median(times) / 1_000);
    const figures = { ours: perSecond(ours), peer: perSecond(bare), ratioAtLeast: 0.4 };
    report({ name: "items of one generator, beside a bare stream", unit: "items/s", ...figures });
  } finally {
    server.close();
  }
}

/** Of the message that an item comes in. */
function itemBytes(): number {
  const dataOneof = { case: "data" as const, value: encodeCbor(ITEMS) };
  const chunk = create(DataChunkSchema, { index: BigInt(ITEMS), dataFormat: DataFormat.CBOR, dataOneof });
  return toBinary(DataChunkSchema, chunk).length;
}

async function readStream(client: Client): Promise<void> {
  const { path, requestSerialize, responseDeserialize } = stream;
  const request = Buffer.from(String(ITEMS));
  for await (const _ of client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request));
}
