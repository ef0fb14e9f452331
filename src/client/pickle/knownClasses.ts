import { damaged } from "./damage.ts";
import { dateFrom, datetimeFrom, timedeltaFrom, timeFrom, timezoneFrom, zoneInfoFrom } from "./dates.ts";
import { decimalFromText } from "./decimals.ts";
import type { MemoryBudget } from "./memoryBudget.ts";
import { Global, MAX_NAME_CHARACTERS, OpaqueObject } from "./pickledObjects.ts";
import type { PickleMachine } from "./pickleMachine.ts";
import { PythonException } from "./pythonException.ts";
import { PythonObject } from "./pythonObject.ts";

/** Makes the value of a class from its arguments; undefined when these are none that the class takes. Copies are paid from the budget. */
type Builder = (args: readonly unknown[], budget: MemoryBudget) => unknown;

/** The classes and functions that picklers name for values that JavaScript has, too. */
const BUILDERS: ReadonlyMap<string, Builder> = new Map<string, Builder>([
  ["_codecs.encode", latin1Bytes],
  ["builtins.bytes", bytesFrom],
  ["builtins.bytearray", bytesFrom],
  ["builtins.complex", complexFrom],
  ["builtins.frozenset", setFrom],
  ["builtins.getattr", attributeOf],
  ["builtins.set", setFrom],
  ["collections.Counter", ([counts], budget) => (counts instanceof Map ? mapFrom(counts, budget) : undefined)],
  ["collections.OrderedDict", orderedDictFrom],
  ["collections.defaultdict", ([_factory, items], budget) => mapFrom(items instanceof Map ? items : [], budget)],
  ["collections.deque", ([items], budget) => listFrom(items, budget)],
  ["datetime.date", dateFrom],
  ["datetime.datetime", datetimeFrom],
  ["datetime.time", timeFrom],
  ["datetime.timedelta", timedeltaFrom],
  ["datetime.timezone", timezoneFrom],
  ["decimal.Decimal", decimalFrom],
  ["zoneinfo.ZoneInfo._unpickle", zoneInfoFrom],
]);

/** Exceptions tell themselves by their name: their classes are not known here. */
const EXCEPTION_NAME =
  /(?:^|\.)[A-Z]\w*(?:Error|Exception|Warning)$|^(?:KeyboardInterrupt|SystemExit|Stop(?:Async)?Iteration)$/;

/**
 * Makes what Python would make by calling `callable`. Nothing is called: a class that is not known becomes an opaque object.
 *
 * @throws DeserializationError when `callable` is nothing that Python could call
 */
export function construct(machine: PickleMachine, callable: unknown, args: readonly unknown[]): unknown {
  const { budget, bytes } = machine;
  budget.spendObject();
  // An unknown function may have made a function.
  if (callable instanceof OpaqueObject) return new OpaqueObject("", "object", bytes.position, bytes.position);
  if (!(callable instanceof Global)) throw damaged("it calls what is not a class");
  const { module, name, position } = callable;
  const built = BUILDERS.get(`${module}.${name}`)?.(args, budget);
  if (built !== undefined) return built;
  if (EXCEPTION_NAME.test(name)) return exceptionFrom(callable, args, budget);
  const made = classMadeBy(callable, args);
  return new OpaqueObject(made.module, made.name, position, bytes.position);
}

/** Functions that make objects of any class get it as their first argument, e.g. `copyreg._reconstructor`. */
function classMadeBy(callable: Global, [first]: readonly unknown[]): Global {
  const isMaker = callable.name.startsWith("_") && first instanceof Global;
  return isMaker ? first : callable;
}

/** Its message is made of its arguments, and takes the place of a hundred of them. */
function exceptionFrom({ module, name }: Global, args: readonly unknown[], budget: MemoryBudget): PythonException {
  budget.spendItems(100);
  return new PythonException(module, name, args);
}

function bytesFrom(args: readonly unknown[], budget: MemoryBudget): Uint8Array | undefined {
  const [content] = args;
  if (args.length === 0) return new Uint8Array();
  return content instanceof Uint8Array ? content : latin1Bytes(args, budget);
}

/** Protocols 0 to 2 have no bytes: they are text, to be encoded. */
function latin1Bytes([text, encoding]: readonly unknown[], budget: MemoryBudget): Uint8Array | undefined {
  if (typeof text !== "string" || (encoding !== "latin1" && encoding !== "latin-1")) return undefined;
  budget.spendBytes(text.length);
  return new Uint8Array(Buffer.from(text, "latin1"));
}

function decimalFrom([text]: readonly unknown[], budget: MemoryBudget): unknown {
  if (typeof text !== "string") return undefined;
  budget.spendItems(text.length);
  return decimalFromText(text);
}

function complexFrom([real, imaginary]: readonly unknown[]): PythonObject | undefined {
  if (typeof real !== "number" || typeof imaginary !== "number") return undefined;
  const sign = imaginary < 0 || Object.is(imaginary, -0) ? "-" : "+";
  return new PythonObject("builtins", "complex", `(${real}${sign}${Math.abs(imaginary)}j)`);
}

/** How protocols below 4 name what is inside of a class. */
function attributeOf([owner, name]: readonly unknown[]): Global | undefined {
  if (!(owner instanceof Global) || typeof name !== "string") return undefined;
  const path = `${owner.name}.${name}`;
  return path.length > MAX_NAME_CHARACTERS ? undefined : new Global(owner.module, path, owner.position);
}

function setFrom(args: readonly unknown[], budget: MemoryBudget): Set<unknown> | undefined {
  const items = args.length === 0 ? [] : args[0];
  if (!Array.isArray(items)) return undefined;
  budget.spendItems(items.length);
  return new Set(items);
}

function listFrom(items: unknown, budget: MemoryBudget): unknown[] | undefined {
  if (items !== undefined && !Array.isArray(items)) return undefined;
  budget.spendItems(items?.length ?? 0);
  return [...(items ?? [])];
}

/** Python 2 gave its pairs as an argument. */
function orderedDictFrom(args: readonly unknown[], budget: MemoryBudget): Map<unknown, unknown> | undefined {
  const pairs = args.length === 0 ? [] : args[0];
  const arePairs = Array.isArray(pairs) && pairs.every((pair) => Array.isArray(pair) && pair.length === 2);
  return arePairs ? mapFrom(pairs as [unknown, unknown][], budget) : undefined;
}

function mapFrom(
  entries: ReadonlyMap<unknown, unknown> | readonly [unknown, unknown][],
  budget: MemoryBudget,
): Map<unknown, unknown> {
  budget.spendItems(2 * ("size" in entries ? entries.size : entries.length));
  return new Map(entries);
}
