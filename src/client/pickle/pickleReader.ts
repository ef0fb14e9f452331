import { DeserializationError } from "../errors.ts";
import { CONTAINER_INSTRUCTIONS } from "./containerInstructions.ts";
import { damaged } from "./damage.ts";
import type { Instruction } from "./instruction.ts";
import { OBJECT_INSTRUCTIONS } from "./objectInstructions.ts";
import { Op } from "./opcodes.ts";
import { type PersistentLoader, PickleMachine } from "./pickleMachine.ts";
import { PlainValues } from "./plainValues.ts";
import { NUMBER_INSTRUCTIONS, TEXT_INSTRUCTIONS } from "./scalarInstructions.ts";
import { STACK_INSTRUCTIONS } from "./stackInstructions.ts";

/** Every instruction at the place of its opcode. STOP is none: it ends the loop. */
const INSTRUCTIONS: readonly (Instruction | undefined)[] = Array.from(
  { length: 256 },
  (_, opcode) =>
    STACK_INSTRUCTIONS[opcode] ??
    NUMBER_INSTRUCTIONS[opcode] ??
    TEXT_INSTRUCTIONS[opcode] ??
    CONTAINER_INSTRUCTIONS[opcode] ??
    OBJECT_INSTRUCTIONS[opcode],
);

/**
 * Reads a pickle of protocol 0 to 5. It only makes data: no class is looked up and nothing that the pickle names is called.
 *
 * `None` becomes null, an `int` beyond 2^53 a bigint, `tuple` and `deque` arrays, `bytes` and `bytearray` a `Uint8Array`, `set` and
 * `frozenset` a `Set`; a `dict` (also an ordered, default or counting one) becomes an object when all keys are strings, otherwise
 * a `Map`; a `datetime` with an offset a `Date`; a `Decimal` a number when that has the same digits, otherwise a
 * {@link Decimal}; exceptions become a {@link PythonException}. Everything else is a {@link PythonObject} that names its class.
 *
 * @param loadPersistent makes values of persistent ids, which is how Modal's objects stand in pickles
 * @throws DeserializationError when the bytes are damaged, or the value is too large or too deep
 */
export function decodePickle(bytes: Uint8Array, loadPersistent: PersistentLoader): unknown {
  try {
    const machine = new PickleMachine(bytes, loadPersistent);
    const value = run(machine);
    return new PlainValues(machine.shared, bytes.length).plain(value);
  } catch (error) {
    if (error instanceof DeserializationError) throw error;
    throw new DeserializationError("The result is a damaged pickle, so it cannot be read; make the call again.", {
      cause: error,
    });
  }
}

function run(machine: PickleMachine): unknown {
  for (;;) {
    const opcode = machine.bytes.uint8();
    if (opcode === Op.STOP) return machine.pop();
    const instruction = INSTRUCTIONS[opcode];
    if (instruction === undefined) throw damaged(`there is no opcode ${opcode}`);
    instruction(machine);
  }
}
