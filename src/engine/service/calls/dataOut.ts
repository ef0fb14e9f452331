import type { MessageInitShape } from "@bufbuild/protobuf";
import type { DataChunkSchema } from "../../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../../proto/grpc/rpcError.ts";
import type { House, ModalHandlers } from "../house.ts";
import { attemptNamed } from "./attemptTokens.ts";
import { wireDataFor } from "./wireData.ts";

type Names = "functionCallGetDataOut";

/** The handler for what generators yield. */
export function dataOutHandlers(house: House): ModalHandlers<Names> {
  return {
    async *functionCallGetDataOut({ callInfo, lastIndex }, context) {
      if (callInfo.case === undefined) {
        throw new RpcError(RpcStatus.INVALID_ARGUMENT, "The request names no function call.");
      }
      const { case: by, value } = callInfo;
      const functionCallId = by === "attemptToken" ? attemptNamed(house, value).call.functionCallId : value;
      const toWire = wireDataFor(context, house.payloads);
      for await (const items of house.scheduler.items(functionCallId, Number(lastIndex), context.signal)) {
        for (const { index, dataFormat, data } of items) {
          const chunk: MessageInitShape<typeof DataChunkSchema> = {
            index: BigInt(index),
            dataFormat,
            dataOneof: toWire(data),
          };
          yield chunk;
        }
      }
    },
  };
}
