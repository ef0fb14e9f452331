import type { ModalClient } from "../../proto/gen/modal_pb.js";
import type { RpcHandlers } from "../../proto/grpc/rpcServer.ts";
import { appCreationHandlers } from "./apps/appCreation.ts";
import { appPublishingHandlers } from "./apps/appPublishing.ts";
import { appHandlers } from "./apps/apps.ts";
import { appVersionHandlers } from "./apps/appVersions.ts";
import { blobHandlers } from "./blobs.ts";
import { callGraphHandlers } from "./calls/callGraph.ts";
import { callReportHandlers } from "./calls/callReports.ts";
import { dataOutHandlers } from "./calls/dataOut.ts";
import { functionCallHandlers } from "./calls/functionCalls.ts";
import { inputPlaneHandlers } from "./calls/inputPlane.ts";
import { retryHandlers } from "./calls/retries.ts";
import { dictHandlers } from "./dicts.ts";
import { environmentHandlers } from "./environments.ts";
import { autoscalerHandlers } from "./functions/autoscaler.ts";
import { classHandlers } from "./functions/classes.ts";
import { functionCreationHandlers } from "./functions/functionCreation.ts";
import { functionHandlers } from "./functions/functions.ts";
import { metricHandlers } from "./functions/metrics.ts";
import type { House } from "./house.ts";
import { imageHandlers } from "./images.ts";
import { logHandlers } from "./logs.ts";
import { mountHandlers } from "./mounts.ts";
import { queueHandlers } from "./queues.ts";
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
