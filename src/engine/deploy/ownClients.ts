import type { Credentials } from "../announcement.ts";
import { newId } from "../ids.ts";
import type { DeployedVersion } from "./deployments.ts";
import type { ModalPackage } from "./modalPackages.ts";

/** A client of Modal's that somebody here has started: what the engine knows of it that no request says. */
export interface OwnClient extends Credentials {
  /** The interpreter that it runs in, and Modal's package there, which was chosen as the runtime. */
  readonly python: string;
  readonly package: ModalPackage;
  /** Absolute path of the file that it deploys or runs. */
  readonly path: string;
  /** What it has made live. */
  readonly published: DeployedVersion[];
}

/** The clients of Modal's that were started here, each with a token of its own, by which its requests are known. */
export class OwnClients {
  readonly #byTokenId = new Map<string, OwnClient>();

  begin(of: Pick<OwnClient, "python" | "package" | "path">): OwnClient {
    const client = { ...of, tokenId: newId("ak"), tokenSecret: newId("as"), published: [] };
    this.#byTokenId.set(client.tokenId, client);
    return client;
  }

  /** Its token is refused from now on. */
  end({ tokenId }: OwnClient): void {
    this.#byTokenId.delete(tokenId);
  }

  /** Undefined for whoever came with another token, such as the engine's own. */
  of(tokenId: string | undefined): OwnClient | undefined {
    return this.#byTokenId.get(tokenId ?? "");
  }
}
