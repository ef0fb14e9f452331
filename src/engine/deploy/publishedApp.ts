import type { AppDefinition, FileDescription, FunctionDefinition } from "./definition.ts";
import { definitionFromMessage } from "./functionMessage.ts";
import { inOrder, type MountedApp, moduleFile, type PublishedFunction } from "./mountedApp.ts";

/** An app for Modal's own container runtime, which takes functions as their messages say, and finds their code by itself. */
export function describePublished({ name, functions, root, tree }: MountedApp): FileDescription {
  const definition: AppDefinition = {
    name,
    functions: inOrder(functions).map((published) => definitionOf(published, root)),
    not_applied: [],
    tree,
    runtime: "modal",
  };
  return { ok: true, root, entry_module: "", sources: [], apps: [definition] };
}

function definitionOf({ message, definitionId, variables }: PublishedFunction, root: string): FunctionDefinition {
  const said = definitionFromMessage(message, definitionId);
  const options = { ...said.options, ...(variables !== undefined && { variables }) };
  return { ...said, path: moduleFile(root, message.moduleName) ?? "", options };
}
