/** A Python that can run the user's functions. */
export interface Interpreter {
  /** Absolute path of the executable. */
  readonly path: string;
  /** E.g. `3.12.4`. */
  readonly version: string;
  /** Who chose it, for the user: "the setting", "SPAWNPOINT_PYTHON", "VIRTUAL_ENV", a folder, or "PATH". */
  readonly source: string;
}

/** Where to look for an interpreter. */
export interface InterpreterSearch {
  /** What the user named, by setting or option. It alone is tried. */
  readonly explicit?: string | undefined;
  /** The file or folder to run. */
  readonly path: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
}

export declare function resolveInterpreter(search: InterpreterSearch): Promise<Interpreter>;
