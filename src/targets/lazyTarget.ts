import type { ModalClient } from "../client/index.ts";
import type { EngineClient } from "./engineClient.ts";
import type { LocalTarget } from "./localTarget.ts";

/** How the target stands, as far as this process knows. */
export type TargetState =
  | { readonly status: "notStarted" | "starting" | "running" }
  | { readonly status: "failed"; readonly message: string };

/** What is needed of a `LocalTarget`. */
type LoadedTarget = Pick<LocalTarget, "modal" | "engine" | "dataFolder" | "stop" | "close">;

/** The local target, loaded and started when it is first needed, with a state that can be shown. */
export class LazyTarget {
  readonly name = "Local";
  readonly #load: () => Promise<LoadedTarget>;
  readonly #listeners = new Set<() => void>();
  #target: Promise<LoadedTarget> | undefined;
  #state: TargetState = { status: "notStarted" };

  /** @param load makes the target; called once */
  constructor(load: () => Promise<LoadedTarget>) {
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

  /** @throws TargetError the target cannot be used, and why */
  modal(): Promise<ModalClient> {
    return this.#connected((target) => target.modal());
  }

  /** @throws TargetError the target cannot be used, and why */
  engine(): Promise<EngineClient> {
    return this.#connected((target) => target.engine());
  }

  async dataFolder(): Promise<string> {
    return (await this.#loaded()).dataFolder;
  }

  /** Ends the engine, if it runs, and starts it again. */
  async restart(): Promise<void> {
    await this.engine();
    this.#setState({ status: "starting" });
    await (await this.#loaded()).stop();
    await this.modal();
  }

  async close(): Promise<void> {
    if (this.#target) (await this.#target).close();
  }

  async #connected<T>(connect: (target: LoadedTarget) => Promise<T>): Promise<T> {
    if (this.#state.status !== "running") this.#setState({ status: "starting" });
    try {
      const connection = await connect(await this.#loaded());
      this.#setState({ status: "running" });
      return connection;
    } catch (error) {
      this.#setState({ status: "failed", message: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  }

  #loaded(): Promise<LoadedTarget> {
    this.#target ??= this.#load();
    return this.#target;
  }

  #setState(state: TargetState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
