import { AuthError, InternalError, PermissionDeniedError, UnimplementedError } from "../errors.ts";
import { jwtPayload } from "./jwt.ts";
import { DEFAULT_RETRIES, NO_RETRIES, type RetryPolicy } from "./retry.ts";

/** How long a token is good that does not say so. */
const DEFAULT_LIFE_MS = 20 * 60_000;

/** Pauses after a failed refresh: the first, and the longest. */
const MIN_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 60_000;

/** Asks the server for a token, with the given retries. */
export type RequestToken = (retries: RetryPolicy) => Promise<string>;

/** Where time and chance come from; tests put in their own. */
export interface Chance {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

interface CachedToken {
  readonly token: string;
  readonly refreshAt: number;
  readonly expiresAt: number;
}

/**
 * The token that a Modal server gives for the credentials (`AuthTokenGet`) and expects back with the other requests. It is asked for
 * once, by the first request, and again after 50 to 60 % of its life; what a token and a failure mean is the same in all of Modal's
 * SDKs. A server that has no such method needs no token.
 */
export class AuthToken {
  readonly #request: RequestToken;
  readonly #chance: Chance;
  #cached: CachedToken | undefined;
  #fetching: Promise<string | undefined> | undefined;
  #isNeeded = true;
  #backoffMs = MIN_BACKOFF_MS;
  #notBefore = 0;

  constructor(request: RequestToken, chance: Chance = { now: Date.now, random: Math.random }) {
    this.#request = request;
    this.#chance = chance;
  }

  /**
   * The token to send now; undefined when the server wants none. However many ask, one request is made. Without a good token all of
   * them wait for it; while the old one is still good, only the first does.
   *
   * @throws AuthError, PermissionDeniedError the credentials are not accepted
   * @throws ModalError there is no token yet and none can be had
   */
  async current(): Promise<string | undefined> {
    if (!this.#isNeeded) return undefined;
    const now = this.#chance.now();
    const cached = this.#cached;
    if (cached && (now < cached.refreshAt || now < this.#notBefore)) return cached.token;
    if (cached && now < cached.expiresAt && this.#fetching !== undefined) return cached.token;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetch(): Promise<string | undefined> {
    try {
      const token = await this.#request(this.#cached ? NO_RETRIES : DEFAULT_RETRIES);
      if (!token) throw new InternalError("The server gave an empty auth token; try again later.");
      this.#keep(token);
      return token;
    } catch (error) {
      if (error instanceof UnimplementedError) {
        this.#isNeeded = false;
        return undefined;
      }
      const isDenied = error instanceof AuthError || error instanceof PermissionDeniedError;
      if (!this.#cached || isDenied) throw error;
      // An old token, even an expired one, may do until the server answers again.
      this.#notBefore = this.#chance.now() + this.#backoffMs;
      this.#backoffMs = Math.min(this.#backoffMs * 2, MAX_BACKOFF_MS);
      return this.#cached.token;
    }
  }

  #keep(token: string): void {
    const { now, random } = this.#chance;
    const expiresAt = expiryOf(token) ?? now() + DEFAULT_LIFE_MS;
    this.#cached = { token, expiresAt, refreshAt: now() + (expiresAt - now()) * (0.5 + random() * 0.1) };
    this.#backoffMs = MIN_BACKOFF_MS;
  }
}

/** When a token expires, in milliseconds since 1970; undefined when it does not say so, or is no JWT. */
function expiryOf(token: string): number | undefined {
  const expiresAt = jwtPayload(token)?.exp;
  return typeof expiresAt === "number" ? expiresAt * 1_000 : undefined;
}
