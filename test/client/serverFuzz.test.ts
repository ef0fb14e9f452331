import assert from "node:assert/strict";
import { test } from "node:test";
import { type DescMessage, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { ModalError } from "../../src/client/index.ts";
import {
  FunctionGetOutputsResponseSchema,
  FunctionGetResponseSchema,
  FunctionMapResponseSchema,
} from "../../src/proto/gen/modal_pb.js";
import { FUZZ_LIMIT, fuzzed } from "../fuzzing.ts";
import { sampleMessages } from "../interop/sampleMessage.ts";
import { FakeModal } from "./fakeModal.ts";

/** A server may have a client ask for ever: so many requests are enough here, or so long a pause. */
const MAX_REQUESTS = 20;
const PATIENCE_MS = 1_000;

/** Answers of a type that mean nothing: with a value in every field, then with some bytes changed. */
function answers<T extends Message>(schema: DescMessage): fc.Arbitrary<T> {
  const whole = sampleMessages(schema).map((message) => toBinary(schema, message));
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 });
  return fc.tuple(fc.constantFrom(...whole), changes).map(([bytes, made]) => {
    const changed = Uint8Array.from(bytes);
    for (const [at, byte] of made) changed[at % changed.length] = byte;
    try {
      return fromBinary(schema, changed) as T;
    } catch {
      return fromBinary(schema, bytes) as T; // What is no message at all, gRPC itself refuses.
    }
  });
}

const answer = fc.oneof(
  answers(FunctionGetResponseSchema).map((message) => ({ method: "functionGet", message })),
  answers(FunctionMapResponseSchema).map((message) => ({ method: "functionMap", message })),
  answers(FunctionGetOutputsResponseSchema).map((message) => ({ method: "functionGetOutputs", message })),
);

test("whatever a server answers is a value or one of Modal's errors", FUZZ_LIMIT, async () => {
  let ended = 0;
  await fc.assert(
    fc.asyncProperty(answer, async ({ method, message }) => {
      await using server = await FakeModal.start();
      const enough = new AbortController();
      const signal = AbortSignal.any([enough.signal, AbortSignal.timeout(PATIENCE_MS)]);
      let requests = 0;
      server.answer({
        [method]: () => {
          requests += 1;
          if (requests === MAX_REQUESTS) enough.abort();
          return message;
        },
      });
      const square = server.client().functions.fromName("app", "square");
      const outcome = await square.remote([7], {}, { signal }).catch((error: unknown) => error);
      const isAnswer = !(outcome instanceof Error) || outcome instanceof ModalError;
      if (isAnswer) ended += 1;
      assert.ok(isAnswer || outcome === signal.reason, outcome as Error);
    }),
    fuzzed(25),
  );
  assert.ok(ended > 0);
});
