import type { ModalClient } from "../../src/client/index.ts";
import type { EngineAddress } from "../../src/targets/engineAddress.ts";
import type { EngineClient } from "../../src/targets/engineClient.ts";

/** What every part may use: an engine of the run's own, with `functions.py` deployed, and a client of it. */
export interface Bench {
  readonly modal: ModalClient;
  readonly engine: EngineClient;
  readonly address: EngineAddress;
  readonly dataFolder: string;
  readonly python: string;
}

/** Something that is measured by its name: `npm run bench -- NAME`. */
export interface Part {
  readonly name: string;
  /** Ends "Measures …" for `--help` and docs/performance.md. */
  readonly measures: string;
  /** It takes minutes, installs something or needs what is not everywhere: left out unless it is named. */
  readonly isByNameOnly?: boolean;
  readonly measure: (bench: Bench) => Promise<void> | void;
}
