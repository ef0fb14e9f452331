import type { VersionLaunch, WorkerLaunch } from "../worker.ts";
import type { Template } from "./template.ts";

/** `none`: nothing can be forked from what this version's import leaves. */
type TemplateState = "wanted" | "making" | "made" | "none";

/** What a version does with its template. */
type KeptTemplate = Pick<Template, "container" | "forkAhead" | "endSpare" | "close">;

/** So long a template waits for the next container when it has none. */
export const IDLE_MS = 5 * 60 * 1_000;

/** A version of an app: whether it has a template, and for how long. */
export class VersionTemplate {
  readonly appId: string;
  readonly #launch: VersionLaunch;
  #state: TemplateState = "wanted";
  #template: KeptTemplate | undefined;
  #waiting: (() => void)[] = [];
  #containers = 0;
  /** A container of it was ready: there is time for the next one. */
  #hasBeenReady = false;
  #superseded = false;
  #idle: NodeJS.Timeout | undefined;

  constructor({ app, snapshotPath, python }: Pick<WorkerLaunch, "app" | "snapshotPath" | "python">) {
    this.appId = app.id;
    this.#launch = { snapshotPath, python };
  }

  isOf({ snapshotPath, python }: VersionLaunch): boolean {
    return this.#launch.snapshotPath === snapshotPath && this.#launch.python === python;
  }

  get state(): TemplateState {
    return this.#state;
  }

  get template(): KeptTemplate | undefined {
    return this.#template;
  }

  /** Nothing would be lost by forgetting it. */
  get unused(): boolean {
    return this.#containers === 0 && (this.#superseded || this.#state === "wanted");
  }

  /** A container of it starts. */
  started(): void {
    this.#superseded = false;
    this.#containers += 1;
    clearTimeout(this.#idle);
  }

  /** A container of it is ready for inputs. */
  ready(): void {
    this.#hasBeenReady = true;
    if (!this.#superseded) this.#template?.forkAhead();
  }

  /** A container of it has ended. */
  exited(): void {
    this.#containers -= 1;
    this.#closeLater();
  }

  make(): void {
    this.#state = "making";
  }

  made(template: KeptTemplate): void {
    this.#template = template;
    this.#settle("made");
    if (this.#hasBeenReady && !this.#superseded) template.forkAhead();
    this.#closeLater();
  }

  /** Its first container has left none. Without effect when it has. */
  notMade(state: "wanted" | "none"): void {
    if (this.#state === "making") this.#settle(state);
  }

  /** Its process is gone. */
  lost(): void {
    this.#template = undefined;
    if (this.#state === "made") this.#state = "wanted";
  }

  /** Calls the listener when it is clear whether there is a template: now, or later. */
  whenSettled(listener: () => void): void {
    if (this.#state === "making") this.#waiting.push(listener);
    else listener();
  }

  /** Another version of the app has taken its place: the template goes with the last container. */
  supersede(): void {
    this.#superseded = true;
    this.#template?.endSpare();
    this.#closeLater();
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#template?.close();
  }

  #settle(state: TemplateState): void {
    this.#state = state;
    for (const listener of this.#waiting.splice(0)) listener();
  }

  #closeLater(): void {
    if (this.#containers > 0) return;
    clearTimeout(this.#idle);
    if (this.#superseded) this.close();
    else this.#idle = setTimeout(() => this.close(), IDLE_MS).unref();
  }
}
