import type { DescribeFailure, FreshDescription } from "./definition.ts";

/** Looks whether a value of JSON has a shape, and throws a `ShapeError` with the place where it does not. */
type Shape = (value: unknown, place: string) => void;

/** What has not the shape that it must have: its place, such as `apps[0].name`. */
export class ShapeError extends Error {}

/**
 * What is relied on in a description: it comes from the process that has imported the user's file, and whatever that file does to the
 * process's descriptors may be in it. What is not named here passes.
 *
 * @throws ShapeError
 */
export function checkDescription(value: unknown): asserts value is FreshDescription | DescribeFailure {
  const isFailure = typeof value === "object" && value !== null && "ok" in value && value.ok === false;
  (isFailure ? failure : description)(value, "");
}

const text: Shape = (value, place) => must(typeof value === "string", place);
const truth: Shape = (value, place) => must(typeof value === "boolean", place);
const amount: Shape = (value, place) => must(typeof value === "number" && value >= 0, place);
/** As far as the messages go that tell it. */
const whole: Shape = (value, place) =>
  must(Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32, place);
const name: Shape = (value, place) => must(typeof value === "string" && value !== "", place);

const optional =
  (shape: Shape): Shape =>
  (value, place) => {
    if (value !== undefined && value !== null) shape(value, place);
  };
const oneOf =
  (...values: readonly unknown[]): Shape =>
  (value, place) =>
    must(values.includes(value), place);
const list =
  (shape: Shape): Shape =>
  (value, place) => {
    must(Array.isArray(value), place);
    for (const [index, item] of (value as unknown[]).entries()) shape(item, `${place}[${index}]`);
  };
const record =
  (members: Readonly<Record<string, Shape>>, others?: Shape): Shape =>
  (value, place) => {
    must(typeof value === "object" && value !== null && !Array.isArray(value), place);
    const found = value as Record<string, unknown>;
    for (const [key, shape] of Object.entries(members)) shape(found[key], place ? `${place}.${key}` : key);
    if (others) for (const [key, member] of Object.entries(found)) others(member, `${place}.${key}`);
  };

function must(holds: boolean, place: string): void {
  if (!holds) throw new ShapeError(place || "beginning");
}

const type: Shape = (value, place) =>
  record({
    base: oneOf("str", "int", "float", "bool", "bytes", "list", "dict", "none", "unknown"),
    sub: optional(list(type)),
  })(value, place);

const parameter = record({
  name: text,
  kind: oneOf("positional", "var_positional", "keyword", "var_keyword"),
  type,
  has_default: truth,
  default: optional(text),
});

const callable = {
  ...{
    name,
    module: text,
    qualname: text,
    path: text,
    line: whole,
    end_line: whole,
    is_generator: truth,
    is_async: truth,
  },
  parameters: list(parameter),
  return_type: optional(type),
  web: optional(
    record({ kind: oneOf("asgi_app", "wsgi_app", "web_server", "fastapi_endpoint"), label: optional(text) }),
  ),
};

const options = record({
  ...{ timeout_s: optional(amount), startup_timeout_s: optional(amount), scaledown_window_s: optional(amount) },
  ...{ min_containers: optional(whole), max_containers: optional(whole), buffer_containers: optional(whole) },
  ...{ max_concurrent_inputs: optional(whole), target_concurrent_inputs: optional(whole) },
  ...{ batch_max_size: optional(whole), batch_wait_ms: optional(whole), memory_limit_mib: optional(whole) },
  retries: optional(
    record({ max_retries: whole, backoff_coefficient: amount, initial_delay_s: amount, max_delay_s: amount }),
  ),
});

const parameterType = oneOf("str", "int", "bool", "bytes");
const parameterValue: Shape = (value, place) =>
  record({
    name: text,
    type: parameterType,
    value: (value as { type?: unknown } | null)?.type === "bool" ? truth : text,
  })(value, place);

const classDefinition = record({
  name,
  parameter_format: oneOf("typed", "pickle"),
  parameters: list(record({ name: text, type: parameterType, default: optional(parameterValue) })),
  constructor_parameters: optional(
    list(record({ name: text, type, has_default: truth, default: optional(parameterValue) })),
  ),
  methods: list(record(callable)),
});

const description = record({
  ...{ ok: oneOf(true), root: text, entry_module: text, further_modules: optional(list(text)) },
  sources: list(record({ module: text, path: text, is_package: truth, source: text })),
  apps: list(
    record({
      name,
      functions: list(record({ ...callable, options, cls: optional(classDefinition), variables: record({}, text) })),
      not_applied: list(record({ function: text, option: text, reason: text, value: optional(text) })),
    }),
  ),
});

const failure = record({ ok: oneOf(false), message: name, path: text, line: whole, traceback: text });
