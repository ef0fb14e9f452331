import { createHmac } from "node:crypto";
import { environmentNamed, type House, type ModalHandlers } from "./house.ts";

const AUTH_TOKEN_SECONDS = 3_600;

/** The handlers that say who and where: greeting, auth token, environments. */
export function workspaceHandlers({
  store,
  credentials,
}: House): ModalHandlers<"clientHello" | "authTokenGet" | "environmentList"> {
  return {
    clientHello: () => ({}),
    authTokenGet: () => ({ token: authToken(credentials.tokenSecret) }),
    environmentList: () => {
      const standard = environmentNamed("");
      const names = new Set([standard, ...store.apps.environments()]);
      return { items: [...names].map((name) => ({ name, default: name === standard })) };
    },
  };
}

/** Clients read `exp` from its payload and send it back; nobody checks the signature (protocol 1.5). */
function authToken(secret: string): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const body = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ exp: Math.floor(Date.now() / 1_000) + AUTH_TOKEN_SECONDS })}`;
  return `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`;
}
