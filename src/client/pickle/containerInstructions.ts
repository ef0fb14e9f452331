import { damaged } from "./damage.ts";
import type { Instructions } from "./instruction.ts";
import { Op } from "./opcodes.ts";
import { OpaqueObject } from "./pickledObjects.ts";
import type { PickleMachine } from "./pickleMachine.ts";

/** Lists and tuples are arrays, dicts are maps until the end. Items may also be given to an object that stays opaque. */
export const CONTAINER_INSTRUCTIONS: Instructions = {
  [Op.EMPTY_TUPLE]: (machine) => pushList(machine, []),
  [Op.EMPTY_LIST]: (machine) => pushList(machine, []),
  [Op.EMPTY_DICT]: (machine) => pushDict(machine, []),
  [Op.EMPTY_SET]: (machine) => pushSet(machine, []),
  [Op.TUPLE1]: (machine) => pushList(machine, [machine.pop()]),
  [Op.TUPLE2]: (machine) => pushList(machine, [machine.pop(), machine.pop()].reverse()),
  [Op.TUPLE3]: (machine) => pushList(machine, [machine.pop(), machine.pop(), machine.pop()].reverse()),
  [Op.TUPLE]: (machine) => pushList(machine, machine.popToMark()),
  [Op.LIST]: (machine) => pushList(machine, machine.popToMark()),
  [Op.DICT]: (machine) => pushDict(machine, machine.popToMark()),
  [Op.FROZENSET]: (machine) => pushSet(machine, machine.popToMark()),
  [Op.APPEND]: (machine) => append(machine, [machine.pop()]),
  [Op.APPENDS]: (machine) => append(machine, machine.popToMark()),
  [Op.SETITEM]: (machine) => setItems(machine, [machine.pop(), machine.pop()].reverse()),
  [Op.SETITEMS]: (machine) => setItems(machine, machine.popToMark()),
  [Op.ADDITEMS]: (machine) => addItems(machine, machine.popToMark()),
};

function pushList(machine: PickleMachine, items: unknown[]): void {
  machine.budget.spendObject(items.length);
  machine.push(items);
}

function pushDict(machine: PickleMachine, items: readonly unknown[]): void {
  machine.budget.spendObject(items.length);
  machine.push(new Map());
  putItems(machine.top() as Map<unknown, unknown>, items);
}

function pushSet(machine: PickleMachine, items: readonly unknown[]): void {
  machine.budget.spendObject(items.length);
  machine.push(new Set(items));
}

function append(machine: PickleMachine, items: readonly unknown[]): void {
  const list = machine.top();
  machine.budget.spendItems(items.length);
  if (Array.isArray(list)) for (const item of items) list.push(item);
  else extendOpaque(machine, list, "items");
}

function setItems(machine: PickleMachine, items: readonly unknown[]): void {
  const dict = machine.top();
  machine.budget.spendItems(items.length);
  if (dict instanceof Map) putItems(dict, items);
  else extendOpaque(machine, dict, "keys");
}

function addItems(machine: PickleMachine, items: readonly unknown[]): void {
  const set = machine.top();
  machine.budget.spendItems(items.length);
  if (set instanceof Set) for (const item of items) set.add(item);
  else extendOpaque(machine, set, "members");
}

/** @param items key, value, key, value, … */
function putItems(dict: Map<unknown, unknown>, items: readonly unknown[]): void {
  if (items.length % 2 === 1) throw damaged("a key has no value");
  for (let at = 0; at < items.length; at += 2) dict.set(items[at], items[at + 1]);
}

function extendOpaque({ bytes }: PickleMachine, object: unknown, what: string): void {
  if (!(object instanceof OpaqueObject)) throw damaged(`it gives ${what} to what can have none`);
  object.extend(bytes.position);
}
