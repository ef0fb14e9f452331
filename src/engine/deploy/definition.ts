import type { Variables } from "./variables.ts";

/**
 * What `describe.py` tells of a Python file, and what a deployed version is made of: the JSON shapes, in the Python side's
 * own snake_case names. Durations in seconds.
 */

export interface SourceModule {
  readonly module: string;
  readonly path: string;
  readonly is_package: boolean;
  readonly source: string;
}

export interface TypeDefinition {
  readonly base: "str" | "int" | "float" | "bool" | "bytes" | "list" | "dict" | "none" | "unknown";
  readonly sub?: readonly TypeDefinition[];
}

export interface ParameterDefinition {
  readonly name: string;
  readonly kind: "positional" | "var_positional" | "keyword" | "var_keyword";
  /** Whether Python takes it by its position only. Left out: no, or its name may stand for something in `**kwargs`. */
  readonly positional_only?: boolean;
  readonly type: TypeDefinition;
  readonly has_default: boolean;
  readonly default?: string | null;
}

export interface RetriesDefinition {
  readonly max_retries: number;
  readonly backoff_coefficient: number;
  readonly initial_delay_s: number;
  readonly max_delay_s: number;
}

export interface FunctionOptions {
  readonly timeout_s?: number | null;
  /** Left out: the timeout. */
  readonly startup_timeout_s?: number | null;
  readonly retries?: RetriesDefinition | null;
  readonly min_containers?: number | null;
  readonly max_containers?: number | null;
  readonly buffer_containers?: number | null;
  readonly scaledown_window_s?: number | null;
  /** Inputs that a container runs at a time; of a function that takes batches, batches. Left out: one. */
  readonly max_concurrent_inputs?: number | null;
  /** Inputs at a time that the number of containers is planned for. Left out: the maximum. */
  readonly target_concurrent_inputs?: number | null;
  /** Inputs in a batch; a function without it takes one input at a time, as it is. */
  readonly batch_max_size?: number | null;
  /** How long a batch waits for more, from its first input. */
  readonly batch_wait_ms?: number | null;
  /** The most memory that a container may hold. Left out: the engine's limit, if it has one. */
  readonly memory_limit_mib?: number | null;
  /** Name of the file with the environment variables of its containers ({@link VariableFiles}). Left out: none. */
  readonly variables?: string;
  /** Left out: none. */
  readonly volumes?: readonly VolumeMountDefinition[];
  /** The version of its app that is run, whatever is live; never in a definition, only in a binding. */
  readonly pinned_version?: number;
}

/** Something that can be called: where it stands, what it takes and returns. */
export interface CallableDefinition {
  readonly name: string;
  readonly module: string;
  readonly qualname: string;
  readonly path: string;
  readonly line: number;
  readonly end_line: number;
  readonly is_generator: boolean;
  readonly is_async: boolean;
  readonly parameters: readonly ParameterDefinition[];
  readonly return_type?: TypeDefinition | null;
  /** For a web endpoint: it takes HTTP requests instead of calls. */
  readonly web?: WebDefinition;
}

export interface WebDefinition {
  readonly kind: "asgi_app" | "wsgi_app" | "web_server" | "fastapi_endpoint";
  /** Names its address, instead of its app and its own name. */
  readonly label: string | null;
}

/** A function that containers run. For a class it is one, named `Class.*`, and inputs say which method they are for. */
export interface FunctionDefinition extends CallableDefinition {
  readonly options: FunctionOptions;
  readonly cls?: ClassDefinition;
  /** The message by which a client of Modal's defined it ({@link DefinitionStore}). Left out: it was deployed from a file. */
  readonly definition_id?: string;
}

export interface ClassDefinition {
  readonly name: string;
  /** `pickle`: the arguments of a constructor of the user's, which may also take none. */
  readonly parameter_format: "typed" | "pickle";
  readonly parameters: readonly ClassParameterDefinition[];
  /** What an `__init__` of the user's takes by name. Left out by earlier versions. */
  readonly constructor_parameters?: readonly ConstructorParameterDefinition[];
  readonly methods: readonly CallableDefinition[];
}

export interface ClassParameterDefinition {
  readonly name: string;
  readonly type: ParameterValue["type"];
  readonly default: ParameterValue | null;
}

interface ConstructorParameterDefinition extends Pick<ParameterDefinition, "name" | "type" | "has_default"> {
  /** Where it is a value that parameters can have. */
  readonly default: ParameterValue | null;
}

/** A value of a class's parameter: an int in decimals, bytes in base64. */
export type ParameterValue =
  | { readonly name: string; readonly type: "str" | "int" | "bytes"; readonly value: string }
  | { readonly name: string; readonly type: "bool"; readonly value: boolean };

/** What an instance of a class is made with. */
export interface InstanceArguments {
  readonly parameters: readonly ParameterValue[];
  /** The pickled arguments of its constructor; empty for none. */
  readonly pickled: Uint8Array;
}

interface NotAppliedDefinition {
  readonly function: string;
  readonly option: string;
  readonly reason: string;
  /** What was given, where it is a text, a number, or names something. Left out by earlier versions. */
  readonly value?: string;
}

export interface AppDefinition {
  readonly name: string;
  readonly functions: readonly FunctionDefinition[];
  readonly not_applied: readonly NotAppliedDefinition[];
  /** What runs its functions: Modal's own container runtime, which the interpreter has. Left out: the engine's own worker. */
  readonly runtime?: "modal";
  /** Of Modal's package, where that is the runtime. Left out by earlier versions. */
  readonly modal_version?: string;
  /** Name of the folder with the files that a client of Modal's uploaded ({@link MountFiles}). Left out: it was deployed from a file. */
  readonly tree?: string;
}

/** A file that was imported and described, as it is kept: a version's `snapshot.json`, from which workers import. */
export interface FileDescription {
  readonly ok: true;
  readonly root: string;
  readonly entry_module: string;
  /** Modules with further functions, which containers import after that one. */
  readonly further_modules?: readonly string[];
  readonly sources: readonly SourceModule[];
  readonly apps: readonly AppDefinition[];
}

/** The same as `describe.py` tells it. */
export interface FreshDescription extends FileDescription {
  readonly apps: readonly FreshApp[];
}

export interface FreshApp extends AppDefinition {
  readonly functions: readonly FreshFunction[];
}

interface FreshFunction extends FunctionDefinition {
  /** The environment variables of its containers; what is kept of them in `options` is a name. */
  readonly variables: Variables;
  /** What `options` has of them are ids. */
  readonly volumes: readonly NamedVolume[];
}

/** A volume where containers of a function look for it. */
export interface VolumeMountDefinition {
  readonly path: string;
  readonly volume_id: string;
  /** The folder of it that stands there. Left out: all of it. */
  readonly sub_path?: string;
}

/** The same as a file says it. Empty texts, and 0, are not said. */
export interface NamedVolume extends Omit<VolumeMountDefinition, "volume_id"> {
  readonly name: string;
  readonly environment: string;
  readonly create_if_missing: boolean;
  readonly version: number;
}

/** A file that could not be: the user's error, with its place. */
export interface DescribeFailure {
  readonly ok: false;
  readonly message: string;
  readonly path: string;
  readonly line: number;
  readonly traceback: string;
}
