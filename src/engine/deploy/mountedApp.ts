import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  Function_DefinitionType as DefinitionType,
  type Function as FunctionMessage,
} from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { PythonFolders } from "../workers/pythonEnvironment.ts";
import type { AppDefinition, FileDescription, FreshDescription, FunctionDefinition } from "./definition.ts";
import { deployError } from "./deployError.ts";
import { describeFile } from "./describe.ts";
import { optionsFromMessage } from "./functionMessage.ts";

/** A function that a client of Modal's has defined, on its way into a version. */
export interface PublishedFunction {
  readonly name: string;
  readonly definitionId: string;
  readonly message: FunctionMessage;
  /** Name of the file with the variables of its secrets (`VariableFiles`); undefined for none. */
  readonly variables: string | undefined;
}

export interface MountedApp {
  readonly name: string;
  readonly functions: readonly PublishedFunction[];
  /** The folder that stands for `/root`. */
  readonly root: string;
  /** Name of the folder of its mounts (`MountFiles`). */
  readonly tree: string;
}

/**
 * What the modules of an app's mounts hold, for containers of the engine's own: they are imported as a container would import them, and
 * must have every function that was published. How these are run is as their messages say.
 *
 * @throws RpcError FAILED_PRECONDITION for what such containers cannot run, INVALID_ARGUMENT with a `DeployFailure` when a module is at fault
 */
export async function describeMounted(
  app: MountedApp,
  python: string,
  folders: PythonFolders,
): Promise<FileDescription> {
  const modules = [...new Set(app.functions.map(moduleOf))].sort();
  const described = new Map<string, FreshDescription>();
  for (const module of modules) described.set(module, await describeModule(app.root, module, python, folders));
  const functions = inOrder(app.functions).map((published) => {
    const { name, message, definitionId, variables } = published;
    const options = { ...optionsFromMessage(message), ...(variables !== undefined && { variables }) };
    return { ...functionIn(described.get(moduleOf(published)), name), options, definition_id: definitionId };
  });
  const descriptions = [...described.values()];
  const published = new Set(app.functions.map(({ name }) => name));
  const not_applied = descriptions
    .flatMap((description) => description.apps.flatMap((one) => one.not_applied))
    .filter((entry) => published.has(entry.function));
  const definition: AppDefinition = { name: app.name, functions, not_applied, tree: app.tree };
  const [entry_module = "", ...further_modules] = modules;
  const sources = new Map(descriptions.flatMap((one) => one.sources.map((source) => [source.module, source])));
  return {
    ok: true,
    root: app.root,
    entry_module,
    further_modules,
    sources: [...sources.values()],
    apps: [definition],
  };
}

/** Clients create functions side by side: in which order they name them says nothing, and must not make another version. */
export function inOrder(functions: readonly PublishedFunction[]): PublishedFunction[] {
  return [...functions].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function moduleOf({ name, message }: PublishedFunction): string {
  if (message.definitionType !== DefinitionType.SERIALIZED) return message.moduleName;
  throw refusal(
    `${name} was sent serialized, which the engine's containers cannot run; define it at the top level of a file.`,
  );
}

/** The file of a module among those of mounts. */
export function moduleFile(root: string, module: string): string | undefined {
  const base = join(root, ...module.split("."));
  return [`${base}.py`, join(base, "__init__.py")].find((candidate) => existsSync(candidate));
}

async function describeModule(
  root: string,
  module: string,
  python: string,
  folders: PythonFolders,
): Promise<FreshDescription> {
  const path = moduleFile(root, module);
  if (!path) {
    throw refusal(
      `The module ${module} is not among the app's files in /root; leave \`include_source\` on, or add it with \`Image.add_local_python_source("${module}")\`.`,
    );
  }
  const description = await describeFile(python, path, folders, { purpose: "container", root });
  if (!description.ok) throw deployError(description);
  return description;
}

function functionIn(description: FreshDescription | undefined, name: string): FunctionDefinition {
  const found = description?.apps.flatMap(({ functions }) => functions).find((candidate) => candidate.name === name);
  if (!found) {
    throw refusal(
      `${name} is not defined when a container imports ${description?.entry_module}; is it inside \`if modal.is_local()\`?`,
    );
  }
  const { variables: _values, volumes: _names, ...definition } = found;
  return definition;
}

function refusal(message: string): RpcError {
  return new RpcError(RpcStatus.FAILED_PRECONDITION, message);
}
