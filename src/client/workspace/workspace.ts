import { type Timestamp, timestampMs } from "@bufbuild/protobuf/wkt";
import type { TokenInfoGetResponse } from "../../proto/gen/modal_pb.js";
import type { ModalRpc } from "../connection/connection.ts";

/** Whose tokens the client uses. Times in unix milliseconds, undefined where the server does not tell. */
export interface TokenInfo {
  readonly tokenId: string;
  /** Empty for a token without a name. */
  readonly tokenName: string;
  readonly workspaceName: string;
  /** The user, or the service user, that the token belongs to. */
  readonly username: string;
  readonly createdAt: number | undefined;
  readonly expiresAt: number | undefined;
}

/** The workspace that the client's tokens belong to: `modal.workspace`. */
export class WorkspaceService {
  readonly #rpc: ModalRpc;

  /** @internal */
  constructor(rpc: ModalRpc) {
    this.#rpc = rpc;
  }

  /** The workspace's name. */
  async name(): Promise<string> {
    const { username, workspaceName } = await this.#rpc.workspaceNameLookup({});
    return username || workspaceName;
  }

  /** What the server knows of the client's token. */
  async tokenInfo(): Promise<TokenInfo> {
    const info = await this.#rpc.tokenInfoGet({});
    return {
      tokenId: info.tokenId,
      tokenName: info.tokenName,
      workspaceName: info.workspaceName,
      username: username(info),
      createdAt: ms(info.createdAt),
      expiresAt: ms(info.expiresAt),
    };
  }
}

function username({ identity }: TokenInfoGetResponse): string {
  if (identity.case === "userIdentity") return identity.value.username;
  return identity.case === "serviceUserIdentity" ? identity.value.serviceUserName : "";
}

function ms(timestamp: Timestamp | undefined): number | undefined {
  return timestamp && timestampMs(timestamp);
}
