/** The tools that language models may use, by the names under which VS Code knows them. */
export const toolNames = [
  "spawnpoint_list_functions",
  "spawnpoint_describe_function",
  "spawnpoint_call_function",
  "spawnpoint_spawn_function",
  "spawnpoint_map_function",
  "spawnpoint_get_call",
  "spawnpoint_cancel_call",
  "spawnpoint_read_logs",
] as const;

export type ToolName = (typeof toolNames)[number];
