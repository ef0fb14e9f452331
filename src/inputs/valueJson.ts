/**
 * Writes a value as JSON: integers of any size stay exact. Bytes are written `{"$bytes":"<base64>"}`, floats that JSON
 * lacks `{"$float":"nan"}`, and dictionaries whose keys are not text `{"$map":[[key,value],…]}`.
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, toJson, indent) ?? "null";
}

/** `value` has been through `toJSON` already, which dates and buffers have; the holder still has the value itself. */
function toJson(this: unknown, key: string, value: unknown): unknown {
  const original: unknown = (this as Record<string, unknown>)[key];
  if (original === undefined) return null;
  if (typeof original === "bigint") return exactInteger(original);
  if (typeof original === "number" && !Number.isFinite(original)) return { $float: floatName(original) };
  if (original instanceof Uint8Array) return { $bytes: Buffer.from(original).toString("base64") };
  if (ArrayBuffer.isView(original)) return Array.from(original as unknown as Iterable<unknown>);
  if (original instanceof Set) return [...original];
  if (original instanceof Map) return mapToJson(original);
  return value;
}

function floatName(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

function mapToJson(map: ReadonlyMap<unknown, unknown>): unknown {
  const hasTextKeys = [...map.keys()].every((key) => typeof key === "string");
  return hasTextKeys ? Object.fromEntries(map) : { $map: [...map] };
}

/** `JSON.rawJSON` is in V8 since Node.js 21, and not yet in TypeScript's library. */
function exactInteger(value: bigint): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(value.toString());
}
