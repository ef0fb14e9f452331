import type { ContainerLife } from "./timeModel.ts";

const UNKNOWN: ContainerLife = { enqueuedAt: 0, startedAt: 0, finishedAt: 0 };

/** What is known of the lives of the containers that ran inputs of a call. */
export class ContainerTimes {
  readonly #lives = new Map<string, ContainerLife>();

  /** Undefined: the server was not asked yet. All zero: it does not know. */
  get(containerId: string): ContainerLife | undefined {
    return this.#lives.get(containerId);
  }

  /** @param life undefined when the server does not know the container any more */
  set(containerId: string, life: ContainerLife | undefined): void {
    this.#lives.set(containerId, life ?? UNKNOWN);
  }

  /** Those of which there is more to learn: nothing is known of them, or they lived and are no longer among those that do. */
  toAsk(containerIds: Iterable<string>, isAlive: (containerId: string) => boolean): string[] {
    return [...containerIds].filter((containerId) => {
      const life = this.#lives.get(containerId);
      if (!life) return true;
      return life.startedAt > 0 && life.finishedAt === 0 && !isAlive(containerId);
    });
  }
}
