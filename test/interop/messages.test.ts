import assert from "node:assert/strict";
import { test } from "node:test";
import { toBinary } from "@bufbuild/protobuf";
import { ModalClient as ModalService } from "../../src/proto/gen/modal_pb.js";
import { sampleMessages } from "./sampleMessage.ts";
import { sdkMethods } from "./sdkMessages.ts";
import { assertSdkReads } from "./sdkReading.ts";

/** Our `modal.proto` beside the message definitions of Modal's JavaScript SDK: every method, every field of every message. */

const methods = await sdkMethods();

function inSdk(name: string) {
  const method = methods.get(name);
  assert.ok(method, `The SDK has no method ${name}.`);
  return method;
}

test("the SDK has every method of our service, with the same streams", () => {
  for (const { name, methodKind } of ModalService.methods) {
    const { requestStream, responseStream } = inSdk(name);
    assert.deepEqual([requestStream, responseStream], [false, methodKind === "server_streaming"], name);
  }
});

test("the SDK reads and writes every field, case and enum value of every message as we do, but for one that it lacks and four of ours", () => {
  const lacking = new Set<string>();
  for (const { name, input, output } of ModalService.methods) {
    const { requestType, responseType } = inSdk(name);
    for (const [type, codec] of [[input, requestType] as const, [output, responseType] as const]) {
      for (const sample of sampleMessages(type)) {
        for (const field of assertSdkReads(type, toBinary(type, sample), codec)) lacking.add(field);
      }
    }
  }
  assert.deepEqual([...lacking].sort(), [
    "awaitedOutput",
    "outputWaitMs",
    "positionalOnly",
    "startFailure",
    "useFunctionId",
  ]);
});
