import { inputKey } from "../../ids.ts";
import type { House, ModalHandlers } from "../house.ts";
import { inputJwt, readInputJwt } from "./inputJwt.ts";

/**
 * The handler for retries on the control plane. Function calls are known there by their id. Modal's JavaScript SDK asks for retries of its
 * own accord, after INTERNAL_FAILURE; the arguments are those that the engine has.
 */
export function retryHandlers({ scheduler }: House): ModalHandlers<"functionRetryInputs"> {
  return {
    functionRetryInputs: async ({ functionCallJwt, inputs }) => {
      const call = scheduler.record(functionCallJwt);
      const attempts = inputs.map((item) => {
        const { index, retryCount: after } = readInputJwt(item.inputJwt);
        return { index, input: inputKey(call.number, index), after, retryCount: item.retryCount };
      });
      await scheduler.retry(call, attempts);
      return { inputJwts: attempts.map(({ index, retryCount }) => inputJwt(index, retryCount)) };
    },
  };
}
