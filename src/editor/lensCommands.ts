import * as l10n from "@vscode/l10n";
import type { FunctionDeclaration, FunctionKind } from "./functionScan.ts";

/** What a CodeLens hands to its command. */
interface LensArgument {
  /** The file to deploy first, or to run. */
  readonly path: string;
  readonly appName: string | undefined;
  readonly functionName: string;
  /** As Python names it, where nothing is deployed. */
  readonly qualifiedName: string;
}

/** A CodeLens: VS Code's `Command` has this shape. */
interface LensCommand {
  readonly title: string;
  readonly command: string;
  readonly tooltip: string;
  readonly arguments: LensArgument[];
}

type Lens = Omit<LensCommand, "arguments">;

function lensesFor(kind: FunctionKind): readonly Lens[] {
  switch (kind) {
    case "function":
      return functionLenses();
    case "webEndpoint":
      return [
        {
          title: l10n.t("$(link-external) Open Web URL"),
          command: "spawnpoint.openWebUrl",
          tooltip: l10n.t("Deploy this file and open the address of the endpoint in the browser"),
        },
      ];
    case "localEntrypoint":
      return [
        {
          title: l10n.t("$(play) Run"),
          command: "spawnpoint.runEntrypoint",
          tooltip: l10n.t("Run this entrypoint in a terminal, in its app, which is stopped afterwards"),
        },
      ];
  }
}

function functionLenses(): Lens[] {
  return [
    {
      title: l10n.t("$(play) Run"),
      command: "spawnpoint.run",
      tooltip: l10n.t("Deploy this file, call the function and show its result"),
    },
    {
      title: l10n.t("Spawn"),
      command: "spawnpoint.spawn",
      tooltip: l10n.t("Deploy this file and call the function without waiting"),
    },
    {
      title: l10n.t("Map"),
      command: "spawnpoint.map",
      tooltip: l10n.t("Deploy this file and call the function once per input"),
    },
    {
      title: l10n.t("Run in Python"),
      command: "spawnpoint.runInPython",
      tooltip: l10n.t("Call the function in the Python interpreter, without deploying it"),
    },
    {
      title: l10n.t("Debug"),
      command: "spawnpoint.debug",
      tooltip: l10n.t("Call the function in the Python debugger, without deploying it"),
    },
  ];
}

/** What can be done with a function of a file, in the order in which it is shown above it. */
export function lensCommands(path: string, declaration: FunctionDeclaration): LensCommand[] {
  const { appName, functionName, qualifiedName, isGenerator } = declaration;
  const argument: LensArgument = { path, appName, functionName, qualifiedName };
  // Modal takes no generator for a map.
  const lenses = lensesFor(declaration.kind).filter(({ command }) => !(isGenerator && command === "spawnpoint.map"));
  return lenses.map((lens) => ({ ...lens, arguments: [argument] }));
}
