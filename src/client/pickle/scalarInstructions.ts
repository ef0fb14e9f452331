import { damaged } from "./damage.ts";
import type { Instructions } from "./instruction.ts";
import { integerFromBytes, integerFromText } from "./integers.ts";
import { Op } from "./opcodes.ts";
import type { PickleMachine } from "./pickleMachine.ts";

/** None, bool, int and float. */
export const NUMBER_INSTRUCTIONS: Instructions = {
  [Op.NONE]: (machine) => machine.push(null),
  [Op.NEWTRUE]: (machine) => machine.push(true),
  [Op.NEWFALSE]: (machine) => machine.push(false),
  [Op.INT]: (machine) => machine.push(intOrBool(machine.bytes.line())),
  [Op.LONG]: (machine) => machine.push(integerFromText(machine.bytes.line().replace(/L$/, ""))),
  [Op.BININT]: (machine) => machine.push(machine.bytes.int32()),
  [Op.BININT1]: (machine) => machine.push(machine.bytes.uint8()),
  [Op.BININT2]: (machine) => machine.push(machine.bytes.uint16()),
  [Op.LONG1]: (machine) => machine.push(integerFromBytes(machine.bytes.bytes(machine.bytes.uint8()))),
  [Op.LONG4]: (machine) => machine.push(integerFromBytes(machine.bytes.bytes(machine.bytes.int32()))),
  [Op.FLOAT]: (machine) => machine.push(floatFromText(machine.bytes.line())),
  [Op.BINFLOAT]: (machine) => machine.push(machine.bytes.float64()),
};

/** str and bytes. The `str` of Python 2, which could be either, is read as text of one byte per character. */
export const TEXT_INSTRUCTIONS: Instructions = {
  [Op.STRING]: (machine) => machine.push(quotedText(machine.bytes.line())),
  [Op.BINSTRING]: (machine) => machine.push(machine.bytes.latin1(machine.bytes.int32())),
  [Op.SHORT_BINSTRING]: (machine) => machine.push(machine.bytes.latin1(machine.bytes.uint8())),
  [Op.UNICODE]: (machine) => machine.push(escapedText(machine.bytes.line())),
  [Op.BINUNICODE]: (machine) => machine.push(machine.bytes.text(machine.bytes.uint32())),
  [Op.SHORT_BINUNICODE]: (machine) => machine.push(machine.bytes.text(machine.bytes.uint8())),
  [Op.BINUNICODE8]: (machine) => machine.push(machine.bytes.text(machine.bytes.uint64())),
  [Op.BINBYTES]: (machine) => pushBytes(machine, machine.bytes.uint32()),
  [Op.SHORT_BINBYTES]: (machine) => pushBytes(machine, machine.bytes.uint8()),
  [Op.BINBYTES8]: (machine) => pushBytes(machine, machine.bytes.uint64()),
  [Op.BYTEARRAY8]: (machine) => pushBytes(machine, machine.bytes.uint64()),
  [Op.NEXT_BUFFER]: () => {
    throw damaged("part of it was sent out of band");
  },
  [Op.READONLY_BUFFER]: () => {},
};

function pushBytes(machine: PickleMachine, length: number): void {
  machine.budget.spendObject();
  machine.push(machine.bytes.bytes(length));
}

/** Protocols 0 and 1 have no bools: they are integers with a leading zero. */
function intOrBool(text: string): unknown {
  return /^0[01]$/.test(text) ? text === "01" : integerFromText(text);
}

const FLOATS: ReadonlyMap<string, number> = new Map([
  ["nan", Number.NaN],
  ["inf", Infinity],
  ["-inf", -Infinity],
]);

function floatFromText(text: string): number {
  const value = FLOATS.get(text) ?? Number(text || "?");
  if (Number.isNaN(value) && text !== "nan") throw damaged(`"${text.slice(0, 20)}" is not a number`);
  return value;
}

/** The text of `\uXXXX` and `\UXXXXXXXX`, which stand for a backslash, a line feed, and whatever is beyond Latin-1. */
function escapedText(line: string): string {
  return line.replace(/\\u([\da-fA-F]{4})|\\U([\da-fA-F]{8})/g, (_, short?: string, long?: string) =>
    String.fromCodePoint(Number.parseInt(short ?? long ?? "", 16)),
  );
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/** The `repr()` of a `str` in Python 2. */
function quotedText(line: string): string {
  const [, , quoted] = /^(['"])(.*)\1$/s.exec(line) ?? [];
  if (quoted === undefined) throw damaged("a text has no quotes");
  return quoted.replace(/\\(?:x([\da-f]{2})|(.))/gi, (_, code?: string, character = "") =>
    code ? String.fromCharCode(Number.parseInt(code, 16)) : (ESCAPES[character] ?? character),
  );
}
