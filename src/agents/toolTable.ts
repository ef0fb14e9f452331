import type { AgentTool } from "./agentTool.ts";
import type { ToolName } from "./toolNames.ts";
import { callFunction } from "./tools/callFunction.ts";
import { cancelCall } from "./tools/cancelCall.ts";
import { describeFunction } from "./tools/describeFunction.ts";
import { getCall } from "./tools/getCall.ts";
import { listFunctions } from "./tools/listFunctions.ts";
import { mapFunction } from "./tools/mapFunction.ts";
import { readLogs } from "./tools/readLogs.ts";
import { spawnFunction } from "./tools/spawnFunction.ts";

/** Every tool by its name. `package.json` says the same, which a test checks. */
export const toolTable: Readonly<Record<ToolName, AgentTool>> = {
  spawnpoint_list_functions: listFunctions,
  spawnpoint_describe_function: describeFunction,
  spawnpoint_call_function: callFunction,
  spawnpoint_spawn_function: spawnFunction,
  spawnpoint_map_function: mapFunction,
  spawnpoint_get_call: getCall,
  spawnpoint_cancel_call: cancelCall,
  spawnpoint_read_logs: readLogs,
};
