import { create, toBinary } from "@bufbuild/protobuf";
import type { FunctionCall, ModalClient } from "../../src/client/index.ts";
import { FunctionMapRequestSchema, FunctionMapResponseSchema } from "../../src/proto/gen/modal_pb.js";
import { startBareServer } from "./bareServer.ts";
import { durationMs, median, repeated, report } from "./figures.ts";

const ROUNDS = 12;
const REQUESTS_A_ROUND = 50;
/** Before they are measured: by then, the programs of both sides are compiled. */
const WARMING_ROUNDS = 20;

/**
 * Measures until a spawned call is acknowledged, which it is when it is stored, beside a request of the same size to a bare server of
 * the same grpc-js that does nothing. In turns, and never while the work of a spawned call goes on.
 */
export async function measureBesideEcho(modal: ModalClient): Promise<void> {
  const { request, answerBytes } = messages();
  const server = await startBareServer(answerBytes);
  try {
    const square = modal.functions.fromName("bench", "square");
    const spawns: number[] = [];
    const echoes: number[] = [];
    for (let round = -WARMING_ROUNDS; round < ROUNDS; round++) {
      const bare = await repeated(REQUESTS_A_ROUND, () => durationMs(() => server.unary(request)));
      const calls: FunctionCall[] = [];
      const spawned = await repeated(REQUESTS_A_ROUND, () =>
        durationMs(async () => {
          calls.push(await square.spawn([7]));
        }),
      );
      for (const call of calls) await call.get();
      if (round < 0) continue;
      echoes.push(...bare);
      spawns.push(...spawned);
    }
    const figures = { ours: median(spawns), peer: median(echoes), ratioAtMost: 2 };
    report({ name: "spawn acknowledged, beside a bare echo", unit: "ms", ...figures });
  } finally {
    server.close();
  }
}

/** As large as those of a spawned call. */
function messages(): { request: Buffer; answerBytes: number } {
  const input = { dataFormat: 4, argsOneof: { case: "args" as const, value: new Uint8Array(4) } };
  const call = { functionId: `fu-${"0".repeat(22)}`, functionCallType: 1, functionCallInvocationType: 3 };
  const request = create(FunctionMapRequestSchema, { ...call, pipelinedInputs: [{ idx: 0, input }] });
  const functionCallId = `fc-${"0".repeat(22)}`;
  const accepted = { inputId: "in-000000", inputJwt: "0".repeat(8) };
  const answer = {
    functionCallId,
    functionCallJwt: functionCallId,
    pipelinedInputs: [accepted],
    maxInputsOutstanding: 1,
  };
  return {
    request: Buffer.from(toBinary(FunctionMapRequestSchema, request)),
    answerBytes: toBinary(FunctionMapResponseSchema, create(FunctionMapResponseSchema, answer)).length,
  };
}
