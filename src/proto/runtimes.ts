import { RuntimeChoice } from "./gen/engine_pb.js";

/** The two runtimes, and the choice between them, by the names that options and settings have for them. */
export const RUNTIMES = {
  automatic: RuntimeChoice.AUTOMATIC,
  modal: RuntimeChoice.MODAL,
  builtIn: RuntimeChoice.BUILT_IN,
} as const;

export type RuntimeName = keyof typeof RUNTIMES;

export const RUNTIME_NAMES = Object.keys(RUNTIMES) as RuntimeName[];
