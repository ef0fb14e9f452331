import { addExtension, Encoder, Tag } from "cbor-x";
import { DeserializationError } from "../errors.ts";
import { isPlain, unsendable, withoutCircles } from "./unsendable.ts";

/**
 * Plain RFC 8949, as Python's cbor2 reads and writes it: no records, no tag for byte strings and maps. cbor-x lacks three
 * things that Python needs, which the walks below add: integers above 32 bits (cbor-x makes them floats), maps whose keys are
 * not strings, and a refusal of what has no form in Python.
 */
const codec = new Encoder(
  Object.assign(
    { useRecords: false, mapsAsObjects: false, variableMapSize: true, tagUint8Array: false },
    {
      useTag259ForMaps: false, // Missing in the types of cbor-x 1.6.
    },
  ),
);

/**
 * The tags of cbor-x by which a value stands in several places (packed values and their table, shared values and references to them): a
 * result of a few bytes could come to any size by them, or hold itself. And those of its own records and objects. Python's cbor2 writes none of them unless
 * it is told to.
 */
const REFUSED_TAGS = [6, 27, 28, 29, 51, 105];

for (const tag of REFUSED_TAGS) addExtension({ Class: class Refused {}, tag, encode: refuse, decode: refuse });

function refuse(): never {
  throw new Error("References, records and objects of other languages are not read.");
}

/**
 * Encodes a value for Python. Safe integers become `int` and other numbers `float`, a bigint is an `int` of any size; `null` and
 * `undefined` become `None`, byte arrays `bytes`, other typed arrays and arrays `list`, plain objects and maps `dict`, sets
 * `set`, dates `datetime`.
 *
 * @throws SerializationError for functions, symbols, instances of classes and values that contain themselves
 */
export function encodeCbor(value: unknown): Uint8Array {
  return withoutCircles(() => codec.encode(toPython(value)));
}

/**
 * Decodes a value from Python. An `int` beyond 2^53 becomes a bigint; a `dict` becomes an object when all keys are strings,
 * otherwise a `Map`; `bytes` become a `Uint8Array`, a `set` a `Set`, a `datetime` a `Date`, a `Decimal` a number.
 *
 * @throws DeserializationError when the bytes are not valid CBOR
 */
export function decodeCbor(bytes: Uint8Array): unknown {
  try {
    // A plain view, since cbor-x cuts byte strings out of a Buffer as Buffers.
    return fromPython(codec.decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
  } catch (error) {
    throw new DeserializationError("The result is not valid CBOR, so it cannot be read; run the call again.", {
      cause: error,
    });
  }
}

function toPython(value: unknown): unknown {
  switch (typeof value) {
    case "number":
      return Number.isSafeInteger(value) && Math.abs(value) > 0x7fff_ffff ? BigInt(value) : value;
    case "undefined":
      return null;
    case "object":
      return value === null ? null : objectToPython(value);
    case "function":
    case "symbol":
      throw unsendable(`a ${typeof value}`);
    default:
      return value;
  }
}

function objectToPython(value: object): unknown {
  if (Array.isArray(value)) return mapArray(value, toPython);
  if (value instanceof Uint8Array || value instanceof Date) return value;
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [toPython(key), toPython(item)]));
  if (value instanceof Set) return new Set([...value].map(toPython));
  if (ArrayBuffer.isView(value) && Symbol.iterator in value)
    return Array.from(value as unknown as Iterable<unknown>, toPython);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (!isPlain(value)) throw unsendable(`an instance of ${value.constructor.name}`);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPython(item)]));
}

function fromPython(value: unknown): unknown {
  if (typeof value === "bigint") return isSafe(value) ? Number(value) : value;
  if (Array.isArray(value)) return mapArray(value, fromPython);
  if (value instanceof Map) return dictFromPython(value);
  if (value instanceof Set) return new Set([...value].map(fromPython));
  if (value instanceof Date && Number.isNaN(value.getTime())) throw new Error("This is no date.");
  if (value instanceof Tag) return fromPython(value.value); // What the tag means is not known here.
  return value;
}

function dictFromPython(dict: Map<unknown, unknown>): unknown {
  const entries = [...dict].map(([key, item]) => [fromPython(key), fromPython(item)] as const);
  const hasOnlyNames = entries.every(([key]) => typeof key === "string");
  // fromEntries defines properties, so a key `__proto__` is only a key.
  return hasOnlyNames ? Object.fromEntries(entries) : new Map(entries);
}

function isSafe(value: bigint): boolean {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
}

/** Like `map`, but copies only when an item changes: long lists of small numbers pass as they are. */
function mapArray(items: readonly unknown[], change: (item: unknown) => unknown): readonly unknown[] {
  for (const [index, item] of items.entries()) {
    const changed = change(item);
    if (!Object.is(changed, item)) return [...items.slice(0, index), changed, ...items.slice(index + 1).map(change)];
  }
  return items;
}
