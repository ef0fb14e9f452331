import { isPlain, unsendable, withoutCircles } from "../payloads/unsendable.ts";
import { ByteWriter } from "./byteWriter.ts";
import { datetimeState } from "./dates.ts";
import { integerToBytes } from "./integers.ts";
import { Op } from "./opcodes.ts";
import { Decimal } from "./pythonObject.ts";
import { encodeText } from "./pythonText.ts";

const PROTOCOL = 4;

/** Smaller pickles have no frame, and longer lists go in batches: both as CPython's pickler does. */
const MIN_FRAME_BYTES = 4;
const BATCH_ITEMS = 1_000;

/**
 * Pickles the arguments of a call, the tuple of positional arguments and keyword arguments. Values become what they become with
 * CBOR: see `encodeCbor`. Besides, a {@link Decimal} becomes a `Decimal`, and arrays that are keys or members of sets tuples.
 *
 * @throws SerializationError for functions, symbols, instances of classes and values that contain themselves
 */
export function pickleArguments(args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): Uint8Array {
  return pickled((writer) => {
    writer.tuple(args);
    writer.dict(Object.entries(kwargs));
    writer.endTuple(2);
  });
}

/** Pickles one value in the same way. */
export function encodePickle(value: unknown): Uint8Array {
  return pickled((writer) => writer.value(value));
}

function pickled(write: (writer: PickleWriter) => void): Uint8Array {
  const body = withoutCircles(() => {
    const writer = new PickleWriter();
    write(writer);
    return writer.finished();
  });
  const pickle = new ByteWriter();
  pickle.uint8(Op.PROTO);
  pickle.uint8(PROTOCOL);
  if (body.length >= MIN_FRAME_BYTES) {
    pickle.uint8(Op.FRAME);
    pickle.uint64(body.length);
  }
  pickle.bytes(body);
  return pickle.written();
}

/** Writes values one after another, as a program that leaves each of them on the stack. */
class PickleWriter {
  readonly #out = new ByteWriter();
  /** Where texts and classes stand in the memo, so that keys which come again and again take two bytes. */
  readonly #texts = new Map<string, number>();
  readonly #classes = new Map<string, number>();
  #memoLength = 0;

  finished(): Uint8Array {
    this.#out.uint8(Op.STOP);
    return this.#out.written();
  }

  value(value: unknown): void {
    if (typeof value === "string") this.#text(value);
    else if (typeof value === "number") this.#number(value);
    else if (typeof value === "bigint") this.#integer(value);
    else if (typeof value === "boolean") this.#out.uint8(value ? Op.NEWTRUE : Op.NEWFALSE);
    else if (value === undefined || value === null) this.#out.uint8(Op.NONE);
    else if (typeof value === "object") this.#object(value);
    else throw unsendable(`a ${typeof value}`);
  }

  tuple(items: readonly unknown[], write = (item: unknown) => this.value(item)): void {
    if (items.length > 3) this.#out.uint8(Op.MARK);
    for (const item of items) write(item);
    this.endTuple(items.length);
  }

  /** Makes a tuple of the last values that were written. More than three need a mark before them. */
  endTuple(length: number): void {
    this.#out.uint8([Op.EMPTY_TUPLE, Op.TUPLE1, Op.TUPLE2, Op.TUPLE3][length] ?? Op.TUPLE);
    if (length > 0) this.#memoize();
  }

  dict(entries: Iterable<readonly [unknown, unknown]>): void {
    this.#out.uint8(Op.EMPTY_DICT);
    this.#memoize();
    this.#batches(entries, Op.SETITEM, Op.SETITEMS, ([key, item]) => {
      this.#hashable(key);
      this.value(item);
    });
  }

  #object(value: object): void {
    if (Array.isArray(value)) this.#list(value);
    else if (value instanceof Uint8Array) this.#bytes(value);
    else if (value instanceof ArrayBuffer) this.#bytes(new Uint8Array(value));
    else if (value instanceof Map) this.dict(value);
    else if (value instanceof Set) this.#set(value);
    else if (value instanceof Date) this.#datetime(value);
    else if (value instanceof Decimal) this.#instance("decimal", "Decimal", [value.digits]);
    else if (ArrayBuffer.isView(value) && Symbol.iterator in value) this.#list(value as unknown as Iterable<unknown>);
    else if (isPlain(value)) this.dict(Object.entries(value));
    else throw unsendable(`an instance of ${value.constructor.name}`);
  }

  #list(items: Iterable<unknown>): void {
    this.#out.uint8(Op.EMPTY_LIST);
    this.#memoize();
    this.#batches(items, Op.APPEND, Op.APPENDS, (item) => this.value(item));
  }

  #set(items: ReadonlySet<unknown>): void {
    this.#out.uint8(Op.EMPTY_SET);
    this.#memoize();
    if (items.size === 0) return;
    this.#out.uint8(Op.MARK);
    for (const item of items) this.#hashable(item);
    this.#out.uint8(Op.ADDITEMS);
  }

  /** Python takes no lists as keys and members. */
  #hashable(value: unknown): void {
    if (Array.isArray(value)) this.tuple(value, (item) => this.#hashable(item));
    else this.value(value);
  }

  /** A batch of one item has no mark. */
  #batches<T>(items: Iterable<T>, one: number, many: number, write: (item: T) => void): void {
    const rest = [...items];
    for (let from = 0; from < rest.length; from += BATCH_ITEMS) {
      const batch = rest.slice(from, from + BATCH_ITEMS);
      if (batch.length > 1) this.#out.uint8(Op.MARK);
      for (const item of batch) write(item);
      this.#out.uint8(batch.length > 1 ? many : one);
    }
  }

  #number(value: number): void {
    if (value === (value | 0) && !Object.is(value, -0)) this.#smallInteger(value);
    else if (Number.isSafeInteger(value) && value !== 0) this.#integer(BigInt(value));
    else {
      this.#out.uint8(Op.BINFLOAT);
      this.#out.float64(value);
    }
  }

  #smallInteger(value: number): void {
    if (value >= 0 && value <= 0xff) {
      this.#out.uint8(Op.BININT1);
      this.#out.uint8(value);
    } else if (value >= 0 && value <= 0xffff) {
      this.#out.uint8(Op.BININT2);
      this.#out.uint16(value);
    } else {
      this.#out.uint8(Op.BININT);
      this.#out.int32(value);
    }
  }

  #integer(value: bigint): void {
    if (BigInt.asIntN(32, value) === value) this.#smallInteger(Number(value));
    else this.#sized(integerToBytes(value), [Op.LONG1, Op.LONG4]);
  }

  #text(text: string): void {
    if (this.#recall(this.#texts.get(text))) return;
    this.#sized(encodeText(text), [Op.SHORT_BINUNICODE, Op.BINUNICODE, Op.BINUNICODE8]);
    this.#texts.set(text, this.#memoize());
  }

  #bytes(bytes: Uint8Array): void {
    this.#sized(bytes, [Op.SHORT_BINBYTES, Op.BINBYTES, Op.BINBYTES8]);
    this.#memoize();
  }

  /** A `datetime` in UTC. */
  #datetime(date: Date): void {
    this.#global("datetime", "datetime");
    this.#bytes(datetimeState(date));
    this.#global("datetime", "timezone");
    this.#instance("datetime", "timedelta", [0]);
    this.endTuple(1);
    this.#reduce();
    this.endTuple(2);
    this.#reduce();
  }

  #instance(module: string, name: string, args: readonly unknown[]): void {
    this.#global(module, name);
    this.tuple(args);
    this.#reduce();
  }

  #global(module: string, name: string): void {
    const path = `${module}.${name}`;
    if (this.#recall(this.#classes.get(path))) return;
    this.#text(module);
    this.#text(name);
    this.#out.uint8(Op.STACK_GLOBAL);
    this.#classes.set(path, this.#memoize());
  }

  #reduce(): void {
    this.#out.uint8(Op.REDUCE);
    this.#memoize();
  }

  /** The opcodes for lengths of one byte, four and eight. */
  #sized(bytes: Uint8Array, [small, medium, large]: readonly [number, number, number?]): void {
    if (bytes.length <= 0xff) {
      this.#out.uint8(small);
      this.#out.uint8(bytes.length);
    } else if (bytes.length <= 0xffff_ffff || large === undefined) {
      this.#out.uint8(medium);
      this.#out.uint32(bytes.length);
    } else {
      this.#out.uint8(large);
      this.#out.uint64(bytes.length);
    }
    this.#out.bytes(bytes);
  }

  /** Returns the place in the memo. */
  #memoize(): number {
    this.#out.uint8(Op.MEMOIZE);
    return this.#memoLength++;
  }

  #recall(index: number | undefined): boolean {
    if (index === undefined) return false;
    this.#out.uint8(index <= 0xff ? Op.BINGET : Op.LONG_BINGET);
    if (index <= 0xff) this.#out.uint8(index);
    else this.#out.uint32(index);
    return true;
  }
}
