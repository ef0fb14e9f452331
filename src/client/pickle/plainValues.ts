import { tooLarge } from "./damage.ts";
import { Global, OpaqueObject } from "./pickledObjects.ts";
import { PythonException } from "./pythonException.ts";
import { PythonObject } from "./pythonObject.ts";

/** Python nests no deeper by default, and whoever walks through the value needs a stack for it. */
const MAX_DEPTH = 1_000;

/** The most characters, bytes and items that a value comes to when everything is counted as often as it stands there. */
const MAX_EXPANDED_SIZE = 16 * 1024 * 1024;

/** What was found out about a value that stands in several places. */
interface SharedValue {
  readonly plain: unknown;
  /** Levels below it, itself included. */
  readonly height: number;
  readonly size: number;
}

/**
 * Turns what the machine has made into what users get, in one walk: maps with only text keys become objects, and what stands for
 * Python objects is described. Lists are changed in place. What stands in several places is the same value in each of them,
 * but where a value holds itself, a {@link PythonObject} says so: nobody who walks through the result has to expect circles.
 */
export class PlainValues {
  readonly #shared: ReadonlySet<object>;
  readonly #known = new Map<object, SharedValue>();
  readonly #open = new Set<object>();
  readonly #maxSize: number;
  #size = 0;
  /** The deepest level that was reached below the shared value that is being walked through. */
  #deepest = 0;

  /**
   * @param shared the objects that may stand in several places
   * @param payloadBytes the size of the pickle: a value without repetitions is never larger
   */
  constructor(shared: ReadonlySet<object>, payloadBytes: number) {
    this.#shared = shared;
    this.#maxSize = MAX_EXPANDED_SIZE + 2 * payloadBytes;
  }

  /** @throws DeserializationError when it is nested too deeply, or its repetitions make it too large */
  plain(value: unknown, depth = 1): unknown {
    if (typeof value === "string") return this.#counted(value, value.length);
    if (typeof value !== "object" || value === null) return this.#counted(value, 1);
    return this.#shared.has(value) ? this.#sharedValue(value, depth) : this.#object(value, depth);
  }

  #sharedValue(value: object, depth: number): unknown {
    if (this.#open.has(value)) return new PythonObject("builtins", "object", "<the value that this stands in>");
    const { plain, height, size } = this.#known.get(value) ?? this.#firstSeen(value, depth);
    this.#reach(depth + height - 1);
    this.#counted(plain, size);
    return plain;
  }

  #firstSeen(value: object, depth: number): SharedValue {
    const sizeBefore = this.#size;
    const deepestBefore = this.#deepest;
    this.#open.add(value);
    this.#deepest = depth;
    const plain = this.#object(value, depth);
    const seen = { plain, height: this.#deepest - depth + 1, size: this.#size - sizeBefore };
    this.#open.delete(value);
    this.#known.set(value, seen);
    this.#deepest = deepestBefore;
    this.#size = sizeBefore;
    return seen;
  }

  #object(value: object, depth: number): unknown {
    this.#reach(depth);
    if (Array.isArray(value)) return this.#list(value, depth);
    if (value instanceof Map) return this.#dict(value, depth);
    if (value instanceof Set) return this.#set(value, depth);
    if (value instanceof Uint8Array) return this.#counted(value, value.length);
    return this.#counted(this.#described(value, depth), 1);
  }

  #list(items: unknown[], depth: number): unknown[] {
    this.#counted(items, 1);
    for (const [at, item] of items.entries()) items[at] = this.plain(item, depth + 1);
    return items;
  }

  #set(items: ReadonlySet<unknown>, depth: number): Set<unknown> {
    this.#counted(items, 1);
    return new Set(Array.from(items, (item) => this.plain(item, depth + 1)));
  }

  #dict(dict: ReadonlyMap<unknown, unknown>, depth: number): unknown {
    this.#counted(dict, 1);
    const entries = Array.from(
      dict,
      ([key, item]) => [this.plain(key, depth + 1), this.plain(item, depth + 1)] as const,
    );
    const hasOnlyNames = entries.every(([key]) => typeof key === "string");
    // fromEntries defines properties, so a key `__proto__` is only a key.
    return hasOnlyNames ? Object.fromEntries(entries) : new Map(entries);
  }

  #described(value: object, depth: number): unknown {
    if (value instanceof Global) {
      return new PythonObject("builtins", "type", `<class ${value.module}.${value.name}>`);
    }
    if (value instanceof OpaqueObject) {
      const { module, name, sizeBytes } = value;
      const path = module === "" ? name : `${module}.${name}`;
      return new PythonObject(module, name, `<${path}, ${sizeBytes.toLocaleString("en")} bytes>`);
    }
    if (value instanceof PythonException) this.plain(value.args, depth + 1);
    return value;
  }

  #reach(depth: number): void {
    if (depth > MAX_DEPTH) throw tooLarge(`it is nested more than ${MAX_DEPTH.toLocaleString("en")} levels deep`);
    this.#deepest = Math.max(this.#deepest, depth);
  }

  #counted<T>(value: T, size: number): T {
    this.#size += size;
    if (this.#size > this.#maxSize) throw tooLarge("it repeats the same values too often");
    return value;
  }
}
