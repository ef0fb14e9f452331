import { UnimplementedError } from "../errors.ts";

/** A request that not every server knows. That one lacks it is found out once and remembered, so make one of these per connection. */
export class NewerMethod {
  #isMissing = false;

  /** Does what `newer` does, or `older` where the server lacks the method. */
  async orElse<T>(newer: () => Promise<T>, older: () => Promise<T>): Promise<T> {
    if (this.#isMissing) return older();
    try {
      return await newer();
    } catch (error) {
      if (!(error instanceof UnimplementedError)) throw error;
      this.#isMissing = true;
      return older();
    }
  }
}
