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

const LENSES: Readonly<Record<FunctionKind, readonly Omit<LensCommand, "arguments">[]>> = {
  function: [
    {
      title: "$(play) Run",
      command: "spawnpoint.run",
      tooltip: "Deploy this file, call the function and show its result",
    },
    {
      title: "Spawn",
      command: "spawnpoint.spawn",
      tooltip: "Deploy this file and call the function without waiting",
    },
    {
      title: "Map",
      command: "spawnpoint.map",
      tooltip: "Deploy this file and call the function once per input",
    },
    {
      title: "Run in Python",
      command: "spawnpoint.runInPython",
      tooltip: "Call the function in the Python interpreter, without deploying it",
    },
    {
      title: "Debug",
      command: "spawnpoint.debug",
      tooltip: "Call the function in the Python debugger, without deploying it",
    },
  ],
  webEndpoint: [
    {
      title: "$(link-external) Open Web URL",
      command: "spawnpoint.openWebUrl",
      tooltip: "Deploy this file and open the address of the endpoint in the browser",
    },
  ],
  localEntrypoint: [
    {
      title: "$(play) Run",
      command: "spawnpoint.runEntrypoint",
      tooltip: "Run this entrypoint in a terminal, in its app, which is stopped afterwards",
    },
  ],
};

/** What can be done with a function of a file, in the order in which it is shown above it. */
export function lensCommands(path: string, declaration: FunctionDeclaration): LensCommand[] {
  const { appName, functionName, qualifiedName, isGenerator } = declaration;
  const argument: LensArgument = { path, appName, functionName, qualifiedName };
  // Modal takes no generator for a map.
  const lenses = LENSES[declaration.kind].filter(({ command }) => !(isGenerator && command === "spawnpoint.map"));
  return lenses.map((lens) => ({ ...lens, arguments: [argument] }));
}
