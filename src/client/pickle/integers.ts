import { damaged } from "./damage.ts";
import { PythonObject } from "./pythonObject.ts";

/** Larger integers are only named: it would take seconds to write one down in decimal. */
const MAX_BYTES = 128 * 1024;

/** Python itself writes no more than 4,300 digits, unless it is told to. */
const MAX_DIGITS = 10_000;

/** An integer as the decimal text of protocol 0. Bases other than ten never stand there. */
export function integerFromText(text: string): unknown {
  if (!/^[+-]?\d+$/.test(text)) throw damaged(`"${text.slice(0, 20)}" is not a number`);
  return text.length > MAX_DIGITS ? hugeInteger(text.length) : simplest(BigInt(text));
}

/** An integer in two's complement, the lowest byte first. */
export function integerFromBytes(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_BYTES) return hugeInteger(bytes.length);
  if (bytes.length === 0) return 0;
  const magnitude = BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
  return simplest(BigInt.asIntN(bytes.length * 8, magnitude));
}

/** The shortest two's complement of an integer, the lowest byte first. */
export function integerToBytes(value: bigint): Uint8Array {
  const magnitude = value < 0n ? -value - 1n : value;
  const hexDigits = magnitude.toString(16);
  const hex = hexDigits.padStart(hexDigits.length + (hexDigits.length % 2), "0");
  // The highest bit is the sign: a magnitude that has it set takes one more byte.
  const bytes = Buffer.from(Number.parseInt(hex.slice(0, 2), 16) > 0x7f ? `00${hex}` : hex, "hex").reverse();
  return value < 0n ? bytes.map((byte) => byte ^ 0xff) : bytes;
}

function simplest(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

function hugeInteger(size: number): PythonObject {
  return new PythonObject("builtins", "int", `<int, ${size.toLocaleString("en")} bytes>`);
}
