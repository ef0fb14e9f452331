import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import type { PythonFolders } from "../workers/pythonEnvironment.ts";
import type {
  AppDefinition,
  CallableDefinition,
  FileDescription,
  FunctionDefinition,
  SourceModule,
} from "./definition.ts";
import { definitionFromMessage } from "./functionMessage.ts";
import type { ModalPackage } from "./modalPackages.ts";
import { inOrder, type MountedApp, moduleFile, type PublishedFunction } from "./mountedApp.ts";
import { ownFile } from "./ownFiles.ts";
import { placesOf } from "./places.ts";

/** What runs a published app, and where it came from. */
interface PublishedBy extends ModalPackage {
  readonly python: string;
  /** The file that was deployed, where that is known. */
  readonly deployedPath: string | undefined;
}

/**
 * An app for Modal's own container runtime, which takes functions as their messages say, and finds their code by itself. Where they stand
 * is read in their files: those of the user, where it is known which these are.
 */
export async function describePublished(
  { name, functions, root, tree }: MountedApp,
  { python, deployedPath, version }: PublishedBy,
  folders: PythonFolders,
): Promise<FileDescription> {
  const fileOf = (module: string) => {
    const copy = moduleFile(root, module) ?? "";
    return copy && deployedPath ? ownFile(copy, root, deployedPath) : copy;
  };
  const definitions = await placed(
    inOrder(functions).map((published) => definitionOf(published, fileOf(published.message.moduleName))),
    python,
    folders,
  );
  const definition: AppDefinition = {
    ...{ name, functions: definitions, not_applied: [], tree },
    ...{ runtime: "modal", modal_version: version },
  };
  return { ok: true, root, entry_module: "", sources: sourcesOf(definitions), apps: [definition] };
}

function definitionOf({ message, definitionId, variables }: PublishedFunction, path: string): FunctionDefinition {
  const said = definitionFromMessage(message, definitionId);
  const options = { ...said.options, ...(variables !== undefined && { variables }) };
  const cls = said.cls && {
    ...said.cls,
    methods: said.cls.methods.map((method) => ({ ...method, path, qualname: `${said.cls?.name}.${method.name}` })),
  };
  return { ...said, path, qualname: cls?.name ?? said.qualname, options, ...(cls && { cls }) };
}

/** The same functions with their lines, and those of the methods of classes. */
async function placed(
  definitions: readonly FunctionDefinition[],
  python: string,
  folders: PythonFolders,
): Promise<FunctionDefinition[]> {
  const callables = definitions.flatMap((definition) => [definition, ...(definition.cls?.methods ?? [])]);
  const wanted = callables.map(({ path, qualname }) => [path, qualname] as const);
  const places = await placesOf(wanted, python, folders);
  const byCallable = new Map<CallableDefinition, object | undefined>(
    callables.map((one, index) => [one, places[index]]),
  );
  return definitions.map((definition) => ({
    ...definition,
    ...byCallable.get(definition),
    ...(definition.cls && {
      cls: {
        ...definition.cls,
        methods: definition.cls.methods.map((method) => ({ ...method, ...byCallable.get(method) })),
      },
    }),
  }));
}

/** The modules that have the functions, so that these can be shown as they were. */
function sourcesOf(definitions: readonly FunctionDefinition[]): SourceModule[] {
  const modules = new Map(definitions.map(({ module, path }) => [module, path]));
  return [...modules]
    .filter(([, path]) => existsSync(path))
    .map(([module, path]) => {
      return { module, path, is_package: basename(path) === "__init__.py", source: readFileSync(path, "utf8") };
    });
}
