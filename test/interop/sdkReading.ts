import assert from "node:assert/strict";
import { type DescMessage, fromBinary, toJson } from "@bufbuild/protobuf";
import type { SdkMessage } from "./sdkMessages.ts";

/** Fields of our messages that the SDK's definitions lack, by their JSON names. Nothing else may be lost. */
const LACKING: ReadonlySet<string> = new Set([
  "useFunctionId",
  "outputWaitMs",
  "awaitedOutput",
  "startFailure",
  "positionalOnly",
]);

/**
 * Lets the SDK decode bytes of ours and encode them again.
 *
 * @returns the names of the lacking fields that were in the bytes
 * @throws AssertionError when the SDK reads other fields or values than we wrote, or loses some that it should know
 */
export function assertSdkReads(type: DescMessage, bytes: Uint8Array, codec: SdkMessage): ReadonlySet<string> {
  const decoded = codec.decode(bytes);
  const encoded = codec.encode(decoded).finish();
  const lacking = new Set<string>();
  const meant = comparable(toJson(type, fromBinary(type, bytes)), lacking);
  assert.deepEqual(comparable(codec.toJSON(decoded)), meant, `${type.typeName}, as the SDK reads it`);
  assert.deepEqual(
    comparable(toJson(type, fromBinary(type, encoded))),
    meant,
    `${type.typeName}, as the SDK writes it`,
  );
  // The two write fields in different orders, so the bytes themselves may differ, and their number may not.
  if (lacking.size === 0) assert.equal(encoded.length, bytes.length, `${type.typeName}: bytes of unknown fields`);
  return lacking;
}

/** Lacking fields aside, the two libraries differ in how they write large integers and times, and in nothing that means something. */
function comparable(json: unknown, lacking?: Set<string>): unknown {
  if (typeof json === "number") return String(json);
  if (json instanceof Date) return json.toISOString();
  if (Array.isArray(json)) return json.map((value) => comparable(value, lacking));
  if (typeof json !== "object" || json === null) return json;
  const fields = Object.entries(json).flatMap(([name, value]): [string, unknown][] => {
    if (!LACKING.has(name)) return [[name, comparable(value, lacking)]];
    lacking?.add(name);
    return [];
  });
  return Object.fromEntries(fields);
}
