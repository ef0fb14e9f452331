import { damaged } from "./damage.ts";
import type { Instructions } from "./instruction.ts";
import { construct } from "./knownClasses.ts";
import { Op } from "./opcodes.ts";
import { Global, MAX_NAME_CHARACTERS, OpaqueObject } from "./pickledObjects.ts";
import type { PickleMachine } from "./pickleMachine.ts";

/** Classes, and what is made of them. Nothing is looked up or called: known classes have a builder here, others stay opaque. */
export const OBJECT_INSTRUCTIONS: Instructions = {
  [Op.GLOBAL]: (machine) => pushGlobal(machine, machine.bytes.line(), machine.bytes.line()),
  [Op.STACK_GLOBAL]: (machine) => {
    const name = machine.pop();
    pushGlobal(machine, machine.pop(), name);
  },
  [Op.EXT1]: (machine) => pushGlobal(machine, "copyreg", `extension ${machine.bytes.uint8()}`),
  [Op.EXT2]: (machine) => pushGlobal(machine, "copyreg", `extension ${machine.bytes.uint16()}`),
  [Op.EXT4]: (machine) => pushGlobal(machine, "copyreg", `extension ${machine.bytes.int32()}`),
  [Op.REDUCE]: (machine) => reduce(machine, machine.pop()),
  [Op.NEWOBJ]: (machine) => reduce(machine, machine.pop()),
  [Op.NEWOBJ_EX]: (machine) => {
    machine.pop(); // Keyword arguments: only classes that stay opaque have any.
    reduce(machine, machine.pop());
  },
  [Op.INST]: (machine) => {
    pushGlobal(machine, machine.bytes.line(), machine.bytes.line());
    const callable = machine.pop();
    machine.push(construct(machine, callable, machine.popToMark()));
  },
  [Op.OBJ]: (machine) => {
    const [callable, ...args] = machine.popToMark();
    machine.push(construct(machine, callable, args));
  },
  [Op.BUILD]: (machine) => {
    machine.pop(); // An object's attributes, which none of the classes that are built has.
    const object = machine.top();
    if (object instanceof OpaqueObject) object.extend(machine.bytes.position);
  },
  [Op.PERSID]: (machine) => loadPersistent(machine, machine.bytes.line()),
  [Op.BINPERSID]: (machine) => loadPersistent(machine, machine.pop()),
};

/** The modules of Python 2, whose names the protocols up to 2 use. */
const RENAMED_MODULES: ReadonlyMap<string, string> = new Map([
  ["__builtin__", "builtins"],
  ["copy_reg", "copyreg"],
  ["exceptions", "builtins"],
]);

function pushGlobal(machine: PickleMachine, module: unknown, name: unknown): void {
  if (typeof module !== "string" || typeof name !== "string") throw damaged("a class has no name");
  if (module.length + name.length > MAX_NAME_CHARACTERS) throw damaged("the name of a class is too long");
  machine.budget.spendObject();
  machine.push(new Global(RENAMED_MODULES.get(module) ?? module, name, machine.bytes.position));
}

function reduce(machine: PickleMachine, args: unknown): void {
  if (!Array.isArray(args)) throw damaged("a class gets no tuple of arguments");
  machine.push(construct(machine, machine.pop(), args));
}

function loadPersistent(machine: PickleMachine, identity: unknown): void {
  machine.budget.spendObject();
  machine.push(machine.loadPersistent(identity));
}
