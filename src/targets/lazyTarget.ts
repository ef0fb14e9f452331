import type { ModalClient } from "../client/index.ts";
import type { Target } from "./target.ts";

/** How the target stands, as far as this process knows. */
export type TargetState =
  | { readonly status: "notStarted" | "starting" | "running" }
  /** The error that a user should hear of: its message is one sentence. */
  | { readonly status: "failed"; readonly error: Error };

/** A target of this window: loaded, and started or connected to, when it is first needed, with a state that can be shown. */
export class LazyTarget<Loaded extends Target = Target> {
  /** Stays the same from window to window: `local`, or `profile:` and the name of a profile. */
  readonly id: string;
  /** As shown to the user. */
  readonly name: string;
  readonly #load: () => Promise<Loaded>;
  readonly #listeners = new Set<() => void>();
  #target: Promise<Loaded> | undefined;
  #state: TargetState = { status: "notStarted" };

  /** @param load makes the target; called once */
  constructor(id: string, name: string, load: () => Promise<Loaded>) {
    this.id = id;
    this.name = name;
    this.#load = load;
  }

  get state(): TargetState {
    return this.#state;
  }

  /** Calls the listener after each change of the state; the answer ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * @param environmentName where the client looks names up; empty for the target's default environment
   * @throws TargetError the target cannot be used, and why
   * @throws ModalError the server refuses the token, or does not answer
   */
  async modal(environmentName = ""): Promise<ModalClient> {
    const modal = await this.connected((target) => target.modal());
    return environmentName === "" ? modal : modal.inEnvironment(environmentName);
  }

  async close(): Promise<void> {
    if (this.#target) (await this.#target).close();
  }

  /** Does something that needs the target to run, and notes how it then stands. */
  protected async connected<T>(connect: (target: Loaded) => Promise<T>): Promise<T> {
    if (this.#state.status !== "running") this.setState({ status: "starting" });
    try {
      const connection = await connect(await this.loaded());
      this.setState({ status: "running" });
      return connection;
    } catch (error) {
      this.setState({ status: "failed", error: error instanceof Error ? error : new Error(String(error)) });
      throw error;
    }
  }

  protected loaded(): Promise<Loaded> {
    this.#target ??= this.#load();
    return this.#target;
  }

  protected setState(state: TargetState): void {
    if (describe(state) === describe(this.#state)) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

function describe(state: TargetState): string {
  return state.status === "failed" ? `failed: ${state.error.message}` : state.status;
}
