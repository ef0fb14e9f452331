/** What a window knows of a function call: plain data, in Modal's words, ready to be shown. All times in unix milliseconds. */

/** Modal's `InputStatus`, by name. */
export type InputStatus = "PENDING" | "SUCCESS" | "FAILURE" | "TERMINATED" | "TIMEOUT" | "INIT_FAILURE";

/** How a call was started. `run` waits for its one result, `spawn` does not, `map` has many inputs. */
export type CallKind = "run" | "spawn" | "map";

/** How long a call took for what, in milliseconds, as far as it is known. */
export interface CallTimes {
  /** From the call to the beginning of its first input. */
  readonly queuedMs: number;
  /** Of that, the start of a container; 0 when one was there already, undefined when the server does not say. */
  readonly startupMs: number | undefined;
  /** Of an input, on average. */
  readonly executionMs: number;
}

/** One function call, as a list or a header shows it. */
export interface CallSummary {
  readonly functionCallId: string;
  readonly targetId: string;
  readonly targetName: string;
  readonly environmentName: string;
  readonly appName: string;
  readonly functionName: string;
  readonly kind: CallKind;
  /** Its rows are what one input yields, and not one for each input. Known once the server was asked. */
  readonly isGenerator: boolean;
  readonly createdAt: number;
  /** Undefined while inputs are unfinished. */
  readonly finishedAt: number | undefined;
  /** Number of inputs that the server has accepted so far. */
  readonly inputs: number;
  /** Finished inputs by status; `PENDING` is what is left. */
  readonly counts: Readonly<Record<InputStatus, number>>;
  /** Undefined until an input has finished. */
  readonly times?: CallTimes | undefined;
  /** Set while the target does not answer: one sentence. Results that are known stay. */
  readonly problem: string | undefined;
}

/** What kind of value a result is, which decides how it is drawn. */
type ValueKind = "json" | "text" | "image" | "audio" | "bytes" | "error" | "opaque";

export type ImageType = "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/svg+xml";

export type AudioType = "audio/wav" | "audio/mpeg" | "audio/ogg" | "audio/flac";

/** A value as a cell of a table shows it: short, and it can be sorted. */
export type Cell = string | number | boolean | null;

/** One finished input: small, however large its value is. */
export interface ResultRow {
  readonly index: number;
  readonly inputId: string;
  readonly status: InputStatus;
  readonly kind: ValueKind;
  /** One line, at most 200 characters. */
  readonly preview: string;
  /** Of a dictionary: what its first keys hold. */
  readonly cells?: Readonly<Record<string, Cell>> | undefined;
  /** Size of the serialized value in bytes; undefined for a large one, which the list does not load. */
  readonly size: number | undefined;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly containerId: string;
}

/** Which rows a reader wants to see, and in which order. */
export interface RowSelection {
  /** Undefined for every status. */
  readonly status: InputStatus | undefined;
  /** Matches index, preview, input and container, upper and lower case alike. */
  readonly text: string;
  readonly order: RowOrder;
}

export interface RowOrder {
  /** A fact that every row has, or `cell:` and a key of the results that are dictionaries. */
  readonly by: "index" | "status" | "preview" | "duration" | "container" | `cell:${string}`;
  readonly descending: boolean;
}

/** A result's whole value, fetched when somebody looks at it. */
export type ResultValue =
  | { readonly kind: "json"; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "image"; readonly mediaType: ImageType; readonly bytes: Uint8Array }
  | { readonly kind: "audio"; readonly mediaType: AudioType; readonly bytes: Uint8Array }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "error"; readonly message: string; readonly traceback: string }
  | { readonly kind: "opaque"; readonly label: string };

/** A result's value as the panel shows it at first: its beginning, where it is large. The rest is asked for by parts. */
export type ShownValue =
  | Exclude<ResultValue, { readonly kind: "json" | "text" | "bytes" }>
  | {
      readonly kind: "json";
      /** The beginning of the value as indented text. */
      readonly text: string;
      /** Characters of all of it. */
      readonly length: number;
      readonly root: ValueNode;
      /** Of a list of dictionaries: their keys. */
      readonly columns: readonly string[] | undefined;
    }
  | { readonly kind: "text"; readonly text: string; readonly length: number }
  | { readonly kind: "bytes"; readonly size: number; readonly head: Uint8Array };

/** A value inside a value, in a line. */
export interface ValueNode {
  /** Its key or position in what holds it; empty for the value itself. */
  readonly key: string;
  readonly type: "dict" | "list" | "text" | "number" | "word" | "other";
  readonly preview: string;
  /** Number of values inside it. */
  readonly children: number;
}

/** A part of a value that is asked for, from `start` to before `end`. */
export type ValuePart =
  | { readonly of: "text"; readonly start: number; readonly end: number }
  | { readonly of: "bytes"; readonly start: number; readonly end: number }
  /** Of a list of dictionaries: the cells by the columns. */
  | { readonly of: "records"; readonly start: number; readonly end: number }
  /** What is inside the value that the path leads to, which is positions from the value itself on. */
  | { readonly of: "nodes"; readonly path: readonly number[]; readonly start: number; readonly end: number };

/** What a part was found to be, by `of`. A cell is undefined where a dictionary lacks the key. */
export interface ValuePartContent {
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly records: readonly (readonly (Cell | undefined)[])[];
  readonly nodes: readonly ValueNode[];
}

/** One reading of a function's stats. */
export interface StatsSample {
  readonly at: number;
  readonly backlog: number;
  readonly runners: number;
  readonly runningInputs: number;
  /** Finished inputs of this call at that time, for throughput. */
  readonly finished: number;
}

/** A box of the call graph: a call, many calls of one function from one place, an input, or the callers that are not known any more. */
export interface GraphBox {
  /** Stays the same while the graph grows. */
  readonly key: string;
  readonly kind: "call" | "calls" | "input" | "missing";
  /** Of several calls, the first one. */
  readonly functionCallId: string;
  /** Of an input; empty otherwise. */
  readonly inputId: string;
  /** Empty when the server no longer tells it. */
  readonly functionName: string;
  readonly moduleName: string;
  /** Number of function calls in this box. */
  readonly numCalls: number;
  /** Inputs by status; all zero when the server no longer tells of them. */
  readonly counts: Readonly<Record<InputStatus, number>>;
  /** Whether an input failed, here or below. */
  readonly leadsToFailure: boolean;
  /** Whether what is below is drawn. Undefined: there is nothing. */
  readonly isExpanded: boolean | undefined;
  /** Whether what the box sums up, inputs or calls, is drawn below it one by one. Undefined: it sums up nothing. */
  readonly isUnfolded: boolean | undefined;
  /** Of what is below, position of the first that is drawn, and the number of all. */
  readonly first: number;
  readonly numChildren: number;
  readonly children: readonly GraphBox[];
}

/** A call graph as it is drawn, and what there is to know of all of it. */
export interface GraphOutline {
  readonly roots: readonly GraphBox[];
  readonly numCalls: number;
  readonly numInputs: number;
  /** Calls of whose inputs, and of whose callers, the server no longer tells. */
  readonly numEmptyCalls: number;
  readonly numOrphans: number;
}

/** What the reader wants to see below a box. What is undefined is left to the host. */
export interface BoxChoice {
  readonly key: string;
  readonly isExpanded?: boolean;
  readonly isUnfolded?: boolean;
  readonly first?: number;
}

/** One piece of what user code printed. */
export interface LogLine {
  readonly at: number;
  readonly stream: "stdout" | "stderr" | "system";
  readonly text: string;
  readonly inputId: string;
  readonly containerId: string;
}
