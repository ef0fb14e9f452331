import type { MessageInitShape } from "@bufbuild/protobuf";
import type { DataChunkSchema } from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { House, ModalHandlers } from "./house.ts";
import { wireData } from "./wireData.ts";

type Names = "functionCallGetDataOut";

/** The handler for what generators yield. */
export function dataOutHandlers({ scheduler, payloads }: House): ModalHandlers<Names> {
  return {
    async *functionCallGetDataOut({ callInfo, lastIndex }, { signal }) {
      if (callInfo.case === "attemptToken") {
        throw new RpcError(RpcStatus.UNIMPLEMENTED, "The engine has no input plane; ask by the function call's id.");
      }
      if (callInfo.case === undefined) {
        throw new RpcError(RpcStatus.INVALID_ARGUMENT, "The request names no function call.");
      }
      for await (const items of scheduler.items(callInfo.value, Number(lastIndex), signal)) {
        for (const { index, dataFormat, data } of items) {
          const chunk: MessageInitShape<typeof DataChunkSchema> = {
            index: BigInt(index),
            dataFormat,
            dataOneof: wireData(payloads, data),
          };
          yield chunk;
        }
      }
    },
  };
}
