import { RuntimeChoice } from "../../proto/gen/engine_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { ModalPackage } from "./modalPackages.ts";

/** The oldest version of Modal's package with which this was tried. */
const OLDEST = [1, 5] as const;

/**
 * Decides what deploys a file and runs what was deployed: Modal's own package, or the engine's own describer and worker. Once for each
 * deployment; the former, where the interpreter has it and nobody says otherwise.
 */
export class Runtimes {
  readonly #preferred: RuntimeChoice;
  readonly #packageOf: (python: string) => Promise<ModalPackage | undefined>;
  readonly #platform: NodeJS.Platform;

  /** @param preferred what counts where a deployment leaves the choice */
  constructor(
    preferred: RuntimeChoice,
    packageOf: (python: string) => Promise<ModalPackage | undefined>,
    platform: NodeJS.Platform = process.platform,
  ) {
    this.#preferred = preferred;
    this.#packageOf = packageOf;
    this.#platform = platform;
  }

  /**
   * The package whose runtime is to be used; undefined for the built-in one.
   *
   * @throws RpcError FAILED_PRECONDITION when it must be Modal's, and the interpreter does not have it or the system cannot run it
   */
  async of(python: string, wanted = RuntimeChoice.AUTOMATIC): Promise<ModalPackage | undefined> {
    const choice = wanted === RuntimeChoice.AUTOMATIC ? this.#preferred : wanted;
    if (choice === RuntimeChoice.BUILT_IN) return undefined;
    if (this.#platform === "win32") return withoutSockets(choice);
    const found = await this.#packageOf(python);
    if (found && isNewEnough(found)) return found;
    if (choice === RuntimeChoice.AUTOMATIC) return undefined;
    const has = found ? `has version ${found.version || "?"} of` : "does not have";
    throw new RpcError(
      RpcStatus.FAILED_PRECONDITION,
      `${python} ${has} Modal's package, of which ${OLDEST.join(".")} or newer is needed for the runtime "modal"; run "${python} -m pip install --upgrade modal", or choose the runtime "builtIn".`,
    );
  }
}

/** Modal's runtime reaches its server by a socket file, and is cancelled by a signal: Windows has neither. */
function withoutSockets(choice: RuntimeChoice): undefined {
  if (choice === RuntimeChoice.AUTOMATIC) return undefined;
  throw new RpcError(
    RpcStatus.FAILED_PRECONDITION,
    'Modal\'s own runtime does not run on Windows; choose the runtime "builtIn", or run the engine in WSL.',
  );
}

function isNewEnough({ version }: ModalPackage): boolean {
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part, 10) || 0);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}
