import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const LIFETIME_MS = 60 * 60 * 1_000;

/** What an URL says beside its path; nothing of it can be changed without the key. */
export type Facts = Readonly<Record<string, string>>;

/**
 * URLs that nobody can guess, each for one method on one path with the facts that it was made with, for an hour. The key
 * goes with the engine, so URLs of a past one are void.
 */
export class SignedUrls {
  readonly #key = randomBytes(32);

  /** The path with its query. */
  sign(method: string, path: string, facts: Facts): string {
    const query = new URLSearchParams({ ...facts, expires: String(Date.now() + LIFETIME_MS) });
    query.set("signature", this.#signature(method, path, query));
    return `${path}?${query}`;
  }

  /** The facts of an URL that was made for this method here and is still good; undefined for every other one. */
  check(method: string, { pathname, searchParams }: URL): URLSearchParams | undefined {
    const query = new URLSearchParams(searchParams);
    const signature = Buffer.from(query.get("signature") ?? "");
    query.delete("signature");
    const expected = Buffer.from(this.#signature(method, pathname, query));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return undefined;
    return Number(query.get("expires")) > Date.now() ? query : undefined;
  }

  #signature(method: string, path: string, query: URLSearchParams): string {
    return createHmac("sha256", this.#key).update(`${method}\n${path}\n${query}`).digest("base64url");
  }
}
