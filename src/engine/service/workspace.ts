import { createHmac } from "node:crypto";
import { userInfo } from "node:os";
import type { House, ModalHandlers } from "./house.ts";

const AUTH_TOKEN_SECONDS = 3_600;

/** This machine stands for a workspace. */
const WORKSPACE = "local";

type Names = "clientHello" | "authTokenGet" | "workspaceNameLookup" | "tokenInfoGet";

/** The handlers that say who and where: greeting, tokens, workspace. */
export function workspaceHandlers({ credentials }: House): ModalHandlers<Names> {
  return {
    clientHello: () => ({}),
    authTokenGet: () => ({ token: authToken(credentials.tokenSecret) }),
    workspaceNameLookup: () => ({ workspaceName: WORKSPACE, username: WORKSPACE }),
    tokenInfoGet: () => ({
      tokenId: credentials.tokenId,
      tokenName: "local engine",
      workspaceName: WORKSPACE,
      identity: { case: "userIdentity", value: { username: userName() } },
    }),
  };
}

/** The user of this machine whose engine this is; nobody else can use it. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return ""; // A container may run under a number that has no name.
  }
}

/** Clients read `exp` from its payload and send it back; nobody checks the signature (`py/modal/_utils/auth_token_manager.py`). */
function authToken(secret: string): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const body = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ exp: Math.floor(Date.now() / 1_000) + AUTH_TOKEN_SECONDS })}`;
  return `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`;
}
