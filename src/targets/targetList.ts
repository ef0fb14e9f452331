import type { ModalClient } from "../client/index.ts";
import type { LazyLocalTarget } from "./lazyLocalTarget.ts";
import type { LazyTarget } from "./lazyTarget.ts";
import { TargetError } from "./targetError.ts";

/** Where a window remembers which target is the current one. */
export interface ChosenTarget {
  get(): TargetPlace | undefined;
  set(place: TargetPlace): void;
}

/** A target, and an environment on it. */
export interface TargetPlace {
  readonly targetId: string;
  /** Empty for the target's default environment. */
  readonly environmentName: string;
}

/** The target whose state changed, or that targets came or went, or that another one was chosen. */
export type TargetsChange = LazyTarget | "list" | "choice";

export type TargetsListener = (change: TargetsChange) => void;

const LOCAL: TargetPlace = { targetId: "local", environmentName: "" };

/** The targets of a window: the engine on this machine, and the accounts that the user has. One of them is the current one, where code goes from the editor. */
export class TargetList {
  readonly local: LazyLocalTarget;
  readonly #readAccounts: () => Promise<LazyTarget[]>;
  readonly #chosen: ChosenTarget;
  readonly #listeners = new Set<TargetsListener>();
  #accounts: readonly LazyTarget[] = [];
  #reading: Promise<void> | undefined;

  /**
   * @param readAccounts the accounts that there are now
   * @param chosen where the choice of the current target is kept
   */
  constructor(local: LazyLocalTarget, readAccounts: () => Promise<LazyTarget[]>, chosen: ChosenTarget) {
    this.local = local;
    this.#readAccounts = readAccounts;
    this.#chosen = chosen;
    local.onChange(() => this.#tell(local));
  }

  /** Those that are known; `refresh` looks for others. */
  get all(): readonly LazyTarget[] {
    return [this.local, ...this.#accounts];
  }

  /** Where code goes from the editor. */
  get current(): TargetPlace {
    return this.#chosen.get() ?? LOCAL;
  }

  /** Makes a target and an environment the current ones. */
  choose(place: TargetPlace): void {
    this.#chosen.set(place);
    this.#tell("choice");
  }

  /**
   * @throws TargetError there is no such target any more
   * @throws InvalidError the accounts cannot be read
   */
  async find(targetId: string): Promise<LazyTarget> {
    if (targetId === this.local.id) return this.local;
    if (!this.#accounts.some(({ id }) => id === targetId)) await this.refresh();
    const found = this.#accounts.find(({ id }) => id === targetId);
    if (found) return found;
    const name = targetId.slice(targetId.indexOf(":") + 1);
    throw new TargetError(`There is no Modal account "${name}" any more; choose another target, or sign in again.`);
  }

  /**
   * A client for a target and an environment.
   *
   * @throws TargetError the target cannot be used, and why
   * @throws ModalError the server refuses the token, or does not answer
   */
  async modal({ targetId, environmentName }: TargetPlace): Promise<ModalClient> {
    return (await this.find(targetId)).modal(environmentName);
  }

  /**
   * Reads again which accounts there are. A target that is still there stays the same object.
   *
   * @throws InvalidError the accounts cannot be read
   */
  refresh(): Promise<void> {
    this.#reading ??= this.#refresh().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Calls the listener after each change; the answer ends that. */
  onChange(listener: TargetsListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((target) => target.close()));
  }

  async #refresh(): Promise<void> {
    const before = idsOf(this.#accounts);
    const known = new Map(this.#accounts.map((target) => [target.id, target]));
    const read = await this.#readAccounts();
    this.#accounts = read.map((target) => {
      const same = known.get(target.id);
      if (!same) target.onChange(() => this.#tell(target));
      known.delete(target.id);
      return same ?? target;
    });
    for (const gone of known.values()) void gone.close();
    if (idsOf(this.#accounts) !== before) this.#tell("list");
  }

  #tell(change: TargetsChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

function idsOf(targets: readonly LazyTarget[]): string {
  return JSON.stringify(targets.map(({ id }) => id));
}
