/** How a workspace wants its tree. */
export interface Arrangement {
  /** What the names of apps contain, and after a `/` those of functions; empty for all. */
  readonly filter: string;
  /** `state`: what runs first; `newest`: by creation; `called`: from this workspace. */
  readonly sort: "name" | "state" | "newest" | "deployed" | "called";
  /** Whether methods stand below their class, or beside functions as `Class.method`. */
  readonly grouping: "class" | "flat";
}

const DEFAULT: Arrangement = { filter: "", sort: "name", grouping: "class" };

/** Keeps values between windows. VS Code's `Memento` has this shape. */
interface Memory {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): PromiseLike<void>;
}

const KEY = "spawnpoint.explorer";

/** The arrangement of a workspace's tree, kept with the workspace. */
export class KeptArrangement {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  get current(): Arrangement {
    return { ...DEFAULT, ...this.#memory.get<Partial<Arrangement>>(KEY) };
  }

  /** Changes what is given, and leaves the rest. */
  async change(change: Partial<Arrangement>): Promise<void> {
    await this.#memory.update(KEY, { ...this.current, ...change });
  }
}

/** Which apps and which functions a filter such as `shop`, `shop/add` or `/add` lets through. Case does not matter. */
export function filterOf(text: string): {
  readonly app: (name: string) => boolean;
  readonly fn: (name: string) => boolean;
} {
  const [app = "", ...rest] = text.trim().toLowerCase().split("/");
  const fn = rest.join("/");
  return {
    app: (name) => name.toLowerCase().includes(app),
    fn: (name) => name.toLowerCase().includes(fn),
  };
}
