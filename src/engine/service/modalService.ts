import type { ModalClient } from "../../proto/gen/modal_pb.js";
import type { RpcHandlers } from "../../proto/grpc/rpcServer.ts";
import { appCreationHandlers } from "./appCreation.ts";
import { appPublishingHandlers } from "./appPublishing.ts";
import { appHandlers } from "./apps.ts";
import { appVersionHandlers } from "./appVersions.ts";
import { autoscalerHandlers } from "./autoscaler.ts";
import { blobHandlers } from "./blobs.ts";
import { callGraphHandlers } from "./callGraph.ts";
import { callReportHandlers } from "./callReports.ts";
import { classHandlers } from "./classes.ts";
import { dataOutHandlers } from "./dataOut.ts";
import { dictHandlers } from "./dicts.ts";
import { environmentHandlers } from "./environments.ts";
import { functionCallHandlers } from "./functionCalls.ts";
import { functionCreationHandlers } from "./functionCreation.ts";
import { functionHandlers } from "./functions.ts";
import type { House } from "./house.ts";
import { imageHandlers } from "./images.ts";
import { inputPlaneHandlers } from "./inputPlane.ts";
import { logHandlers } from "./logs.ts";
import { metricHandlers } from "./metrics.ts";
import { mountHandlers } from "./mounts.ts";
import { queueHandlers } from "./queues.ts";
import { retryHandlers } from "./retries.ts";
import { secretHandlers } from "./secrets.ts";
import { taskHandlers } from "./tasks.ts";
import { volumeFileHandlers } from "./volumeFiles.ts";
import { volumeHandlers } from "./volumes.ts";
import { workspaceHandlers } from "./workspace.ts";

/** Modal's service, as far as the engine has it. */
export function modalService(house: House): RpcHandlers<typeof ModalClient> {
  return {
    ...workspaceHandlers(house),
    ...environmentHandlers(house),
    ...appHandlers(house),
    ...appVersionHandlers(house),
    ...appCreationHandlers(house),
    ...appPublishingHandlers(house),
    ...functionCreationHandlers(house),
    ...mountHandlers(house),
    ...imageHandlers(house),
    ...secretHandlers(house),
    ...volumeHandlers(house),
    ...volumeFileHandlers(house),
    ...dictHandlers(house),
    ...queueHandlers(house),
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
