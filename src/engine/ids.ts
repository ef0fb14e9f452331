import { createHash, hash, randomFillSync } from "node:crypto";

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const UPPER_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * A new object id. Modal's clients require exactly one dash; its command line takes an argument as an app id only when 22
 * alphanumerics follow the prefix, and its tracebacks know a container by 26 upper-case ones (`py/modal/cli/app.py`, `_traceback.py`).
 */
export function newId(prefix: "en" | "ap" | "fu" | "fc" | "bl" | "ak" | "as" | "st" | "vo" | "di" | "qu"): string {
  return `${prefix}-${randomText(ALPHANUMERIC, 22)}`;
}

/** The id of an object that is known by what it is made of: the same again has the same id. */
export function digestId(prefix: "de" | "mo" | "im" | "st" | "bl", ...parts: readonly (string | Uint8Array)[]): string {
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part);
  return `${prefix}-${digest.digest("hex").slice(0, 22)}`;
}

/** The id of the call that a request with this key starts: the same one however often it comes. */
export function functionCallIdFrom(idempotencyKey: string): string {
  const digest = hash("sha256", idempotencyKey, "buffer");
  let text = "";
  for (let index = 0; index < 22; index++) text += ALPHANUMERIC[(digest[index] ?? 0) % ALPHANUMERIC.length];
  return `fc-${text}`;
}

export function newTaskId(): string {
  return `ta-${randomText(UPPER_ALPHANUMERIC, 26)}`;
}

function randomText(alphabet: string, length: number): string {
  let text = "";
  while (text.length < length) {
    const byte = randomByte();
    // Bytes past the last whole multiple would favour the first letters.
    if (byte < 256 - (256 % alphabet.length)) text += alphabet[byte % alphabet.length];
  }
  return text;
}

/** Fetched many at a time: each call gets an id, and asking the system takes longer than most of what else is done for it. */
const randomPool = new Uint8Array(4_096);
let usedOfPool = randomPool.length;

function randomByte(): number {
  if (usedOfPool === randomPool.length) {
    randomFillSync(randomPool);
    usedOfPool = 0;
  }
  return randomPool[usedOfPool++] ?? 0;
}

/**
 * An input is known inside the engine by one integer, its key: the number of its call and its index in that call. The key is
 * the row id of the input, so finding it needs no index, and its text form stays short: clients repeat input ids in polls.
 */
export type InputKey = number;

const INDEX_BITS = 24;
const INDEX_RANGE = 2 ** INDEX_BITS;

/** Inputs that one call can hold: 16,777,216. */
export const MAX_INPUTS_PER_CALL = INDEX_RANGE;

export function inputKey(callNumber: number, index: number): InputKey {
  return callNumber * INDEX_RANGE + index;
}

export function callNumberOf(key: InputKey): number {
  return Math.floor(key / INDEX_RANGE);
}

export function indexOf(key: InputKey): number {
  return key % INDEX_RANGE;
}

export function inputIdOf(key: InputKey): string {
  return `in-${key.toString(36)}`;
}

/** The key that an input id stands for, or undefined when the text is not one of our input ids. */
export function inputKeyFromId(id: string): InputKey | undefined {
  if (!/^in-[0-9a-z]{1,11}$/.test(id)) return undefined;
  const key = Number.parseInt(id.slice(3), 36);
  return Number.isSafeInteger(key) ? key : undefined;
}
