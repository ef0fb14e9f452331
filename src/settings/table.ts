/** A setting as VS Code's editor of settings shows it, with its type as in a JSON schema. */
interface SettingOf<Type, Value> {
  readonly type: Type;
  readonly default: Value;
  readonly minimum?: number;
  readonly maximum?: number;
  /** All that it may be. */
  readonly enum?: readonly Value[];
  /** What each of these means. */
  readonly markdownEnumDescriptions?: readonly string[];
  /** Who may set it, in VS Code's words. `machine`: never a workspace, since it says what is run or written outside of it. */
  readonly scope: "application" | "machine" | "machine-overridable" | "window" | "resource" | "language-overridable";
  readonly markdownDescription: string;
  /** True: in an untrusted workspace, what the workspace says does not count. */
  readonly restricted?: boolean;
}

/** A setting of the extension. */
export type Setting =
  | SettingOf<"string", string>
  | SettingOf<"boolean", boolean>
  | SettingOf<readonly ["integer", "null"], number | null>;

/** Every setting of the extension, by its whole name. `package.json` says the same, which a test checks. */
export const settingTable = {
  "spawnpoint.pythonPath": {
    type: "string",
    default: "",
    scope: "machine-overridable",
    restricted: true,
    markdownDescription:
      "Python interpreter (3.9 or newer) that runs your functions. Empty: the one selected in the Python Environments or the Python extension, else a virtual environment beside the file or above it, else `python3`.",
  },
  "spawnpoint.runtime": {
    type: "string",
    default: "automatic",
    enum: ["automatic", "modal", "builtIn"],
    markdownEnumDescriptions: [
      "Modal's own package, where the interpreter of the file has it (1.5 or newer), otherwise the built-in worker.",
      "Modal's own package. Where the interpreter does not have it, nothing is deployed.",
      "The worker of the local engine, which needs no package.",
    ],
    scope: "resource",
    markdownDescription:
      "What deploys files to the local engine, and runs their functions. The sidebar tells of each app which it is.",
  },
  "spawnpoint.inlineResults": {
    type: "boolean",
    default: true,
    scope: "language-overridable",
    markdownDescription: "Show the result or error of a function's last call after its line.",
  },
  "spawnpoint.engine.dataFolder": {
    type: "string",
    default: "",
    scope: "machine",
    restricted: true,
    markdownDescription:
      "Folder in which the local engine keeps apps, calls and results. Empty: the folder named by `SPAWNPOINT_HOME`, else `spawnpoint` in your user data folder. Takes effect when the window is loaded again.",
  },
  "spawnpoint.engine.keepDays": {
    type: ["integer", "null"],
    default: null,
    minimum: 0,
    maximum: 36_500,
    scope: "machine",
    markdownDescription:
      "For how many days the local engine keeps finished calls, with their results and logs. `0`: for ever. Empty: as the data folder was last told, 30 days at first. Takes effect when the engine starts again.",
  },
  "spawnpoint.engine.keepGigabytes": {
    type: ["integer", "null"],
    default: null,
    minimum: 0,
    maximum: 1_000_000,
    scope: "machine",
    markdownDescription:
      "How many gigabytes of calls the local engine keeps; beyond that it forgets the oldest finished ones. `0`: any number. Empty: as the data folder was last told, 10 at first. Takes effect when the engine starts again.",
  },
  "spawnpoint.engine.memoryLimit": {
    type: ["integer", "null"],
    default: null,
    minimum: 0,
    maximum: 1_000_000_000,
    scope: "machine",
    markdownDescription:
      "How many MiB of memory a container may hold whose function names no limit of its own. `0` or empty: no limit. Takes effect when the engine starts again.",
  },
  "spawnpoint.agentTools.enabled": {
    type: "boolean",
    default: true,
    scope: "window",
    markdownDescription:
      "Let language models in this window list, describe, call and cancel Modal functions, and read logs. What costs or changes something is confirmed first.",
  },
} as const satisfies Record<string, Setting>;

/** The whole name of a setting. */
export type SettingName = keyof typeof settingTable;

interface ValueOfType {
  readonly string: string;
  readonly boolean: boolean;
}

/** What a setting's value is. */
export type SettingValue<Name extends SettingName> = (typeof settingTable)[Name] extends {
  readonly enum: readonly (infer Value)[];
}
  ? Value
  : (typeof settingTable)[Name]["type"] extends keyof ValueOfType
    ? ValueOfType[(typeof settingTable)[Name]["type"]]
    : number | null;
