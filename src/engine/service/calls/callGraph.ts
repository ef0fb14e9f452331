import { inputIdOf } from "../../ids.ts";
import type { CallRecord } from "../../store/callStore.ts";
import type { House, ModalHandlers } from "../house.ts";

/** The handler of call graphs. */
export function callGraphHandlers(house: House): ModalHandlers<"functionGetCallGraph"> {
  return {
    functionGetCallGraph: ({ functionCallId }) => callGraph(house, house.scheduler.record(functionCallId)),
  };
}

/** A call with all that its inputs called, flat: every input with its status, and every call with the input that made it. */
export function callGraph({ store }: House, root: CallRecord) {
  const calls = [root];
  for (const call of calls) calls.push(...store.calls.children(call.number));
  const inputs = calls.flatMap((call) =>
    store.calls.inputStatuses(call.number).map(({ key, status, taskId }) => ({
      inputId: inputIdOf(key),
      status,
      functionCallId: call.functionCallId,
      taskId,
    })),
  );
  const functionCalls = calls.map((call) => ({
    functionCallId: call.functionCallId,
    // The root's own parent is outside of what is told; naming it would make the root an orphan in a client's tree.
    parentInputId: call === root || call.parentInput === undefined ? "" : inputIdOf(call.parentInput),
    ...namesOf(store, call),
  }));
  return { inputs, functionCalls };
}

function namesOf(store: House["store"], { functionId, number }: CallRecord) {
  const record = store.apps.function(functionId);
  const definition = record && store.apps.get(record.appId)?.definition;
  const called = definition?.functions.find(({ name }) => name === record?.name);
  const method = called?.cls && store.calls.methodName(number);
  const functionName = method ? `${called.cls.name}.${method}` : (record?.name ?? "");
  return { functionName, moduleName: called?.module ?? "" };
}
