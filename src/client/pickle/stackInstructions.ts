import { damaged } from "./damage.ts";
import type { Instructions } from "./instruction.ts";
import { Op } from "./opcodes.ts";
import type { PickleMachine } from "./pickleMachine.ts";

const HIGHEST_PROTOCOL = 5;

/** Protocol and frames, marks and the memo. */
export const STACK_INSTRUCTIONS: Instructions = {
  [Op.PROTO]: ({ bytes }) => {
    const protocol = bytes.uint8();
    if (protocol > HIGHEST_PROTOCOL) throw damaged(`its protocol is ${protocol}`);
  },
  [Op.FRAME]: ({ bytes }) => bytes.expect(bytes.uint64()),
  [Op.MARK]: (machine) => machine.mark(),
  [Op.POP]: (machine) => machine.drop(),
  [Op.POP_MARK]: (machine) => void machine.popToMark(),
  [Op.DUP]: (machine) => machine.duplicate(),
  [Op.MEMOIZE]: (machine) => machine.memoize(),
  [Op.PUT]: (machine) => machine.memoize(memoIndex(machine)),
  [Op.BINPUT]: (machine) => machine.memoize(machine.bytes.uint8()),
  [Op.LONG_BINPUT]: (machine) => machine.memoize(machine.bytes.uint32()),
  [Op.GET]: (machine) => machine.recall(memoIndex(machine)),
  [Op.BINGET]: (machine) => machine.recall(machine.bytes.uint8()),
  [Op.LONG_BINGET]: (machine) => machine.recall(machine.bytes.uint32()),
};

function memoIndex({ bytes }: PickleMachine): number {
  const text = bytes.line();
  if (!/^\d+$/.test(text)) throw damaged(`"${text.slice(0, 20)}" is no place in its memo`);
  return Number(text);
}
