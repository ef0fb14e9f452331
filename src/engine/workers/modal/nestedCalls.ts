import type { ModalClient } from "../../../proto/gen/modal_pb.js";
import type { RpcHandlers } from "../../../proto/grpc/rpcServer.ts";
import type { WorkerEvents } from "../worker.ts";

type Handlers = RpcHandlers<typeof ModalClient>;

/** Modal's service as a container has it: whoever waits for a call there is known to wait. */
export function nestedCalls(service: Handlers, waits: WorkerEvents["waits"]): Handlers {
  const { functionGetOutputs, functionCallGetDataOut } = service;
  return {
    ...service,
    ...(functionGetOutputs && {
      functionGetOutputs: async (request, context) => {
        const goOn = request.timeout > 0 ? waits() : () => {};
        try {
          return await functionGetOutputs(request, context);
        } finally {
          goOn();
        }
      },
    }),
    ...(functionCallGetDataOut && {
      async *functionCallGetDataOut(request, context) {
        const goOn = waits();
        try {
          yield* functionCallGetDataOut(request, context);
        } finally {
          goOn();
        }
      },
    }),
  };
}
