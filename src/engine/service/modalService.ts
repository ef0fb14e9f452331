import type { ModalClient } from "../../proto/gen/modal_pb.js";
import type { RpcHandlers } from "../../proto/grpc/rpcServer.ts";
import { appHandlers } from "./apps.ts";
import { appVersionHandlers } from "./appVersions.ts";
import { autoscalerHandlers } from "./autoscaler.ts";
import { blobHandlers } from "./blobs.ts";
import { callGraphHandlers } from "./callGraph.ts";
import { callReportHandlers } from "./callReports.ts";
import { classHandlers } from "./classes.ts";
import { dataOutHandlers } from "./dataOut.ts";
import { environmentHandlers } from "./environments.ts";
import { functionCallHandlers } from "./functionCalls.ts";
import { functionHandlers } from "./functions.ts";
import type { House } from "./house.ts";
import { inputPlaneHandlers } from "./inputPlane.ts";
import { logHandlers } from "./logs.ts";
import { metricHandlers } from "./metrics.ts";
import { retryHandlers } from "./retries.ts";
import { taskHandlers } from "./tasks.ts";
import { workspaceHandlers } from "./workspace.ts";

/** Modal's service, as far as the engine has it. */
export function modalService(house: House): RpcHandlers<typeof ModalClient> {
  return {
    ...workspaceHandlers(house),
    ...environmentHandlers(house),
    ...appHandlers(house),
    ...appVersionHandlers(house),
    ...functionHandlers(house),
    ...classHandlers(house),
    ...autoscalerHandlers(house),
    ...functionCallHandlers(house),
    ...retryHandlers(house),
    ...inputPlaneHandlers(house),
    ...dataOutHandlers(house),
    ...callReportHandlers(house),
    ...blobHandlers(house),
    ...callGraphHandlers(house),
    ...metricHandlers(house),
    ...logHandlers(house),
    ...taskHandlers(house),
  };
}
