import type { InputFile } from "../inputs/inputFile.ts";
import type { InputCounts } from "./inputCounts.ts";
import type { CallKind } from "./model.ts";

/** A function call as this window remembers it, also after the window was closed. Times in unix milliseconds. */
export interface CallRecord {
  readonly functionCallId: string;
  /** The target's id, e.g. `local` or `profile:main`. */
  readonly targetId: string;
  /** As shown to the user. */
  readonly targetName: string;
  /** The environment of the app; empty for the target's default one. */
  readonly environmentName: string;
  readonly appName: string;
  readonly functionName: string;
  readonly kind: CallKind;
  readonly createdAt: number;
  /** What was typed or given as arguments or inputs, when it is short enough to keep. Used to run again. */
  readonly inputText?: string | undefined;
  /** The parameters of a method's class, as a dictionary. */
  readonly parametersText?: string | undefined;
  /** The file with the inputs of a map. */
  readonly inputFile?: InputFile | undefined;
  /** Which inputs of the text or the file the call has, in their order; undefined for all. */
  readonly inputIndexes?: readonly number[] | undefined;
  /** Set when the call was seen to finish. */
  readonly finishedAt?: number | undefined;
  readonly counts?: InputCounts | undefined;
}
