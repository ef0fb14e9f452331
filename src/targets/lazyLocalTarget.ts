import type { EngineClient } from "./engineClient.ts";
import { LazyTarget } from "./lazyTarget.ts";
import type { LocalTarget } from "./localTarget.ts";

/** What is needed of a `LocalTarget`. */
type LoadedLocalTarget = Pick<LocalTarget, "name" | "modal" | "engine" | "dataFolder" | "stop" | "close">;

/** The engine on this machine as a target of this window. */
export class LazyLocalTarget extends LazyTarget<LoadedLocalTarget> {
  /** @param load makes the target; called once */
  constructor(load: () => Promise<LoadedLocalTarget>) {
    super("local", "Local", load);
  }

  /** @throws TargetError the engine cannot be used, and why */
  engine(): Promise<EngineClient> {
    return this.connected((target) => target.engine());
  }

  async dataFolder(): Promise<string> {
    return (await this.loaded()).dataFolder;
  }

  /** Ends the engine, if it runs, and starts it again. */
  async restart(): Promise<void> {
    await this.engine();
    this.setState({ status: "starting" });
    await (await this.loaded()).stop();
    await this.modal();
  }
}
