import { type ClassParameter, type ModalClient, type ModalFunction, namedFunction } from "../client/index.ts";
import { UsageError } from "./cliError.ts";
import { parseJson } from "./json.ts";

/** Options of commands that take a function, or a method of a class. */
export interface InstanceOptions {
  /** Each `name=value`. */
  readonly param?: readonly string[];
}

/**
 * What the user names: a function, or `Class.method` of the instance with the given parameters. A `str` is taken as it is written,
 * every other value as JSON.
 *
 * @throws UsageError for parameters that are not written so, or where there is no class
 * @throws NotFoundError when there is no such app or class
 */
export async function callable(
  modal: ModalClient,
  app: string,
  name: string,
  { param = [] }: InstanceOptions,
): Promise<ModalFunction> {
  if (param.length === 0) return namedFunction(modal, app, name);
  const [className = "", method] = name.split(".");
  if (method === undefined) {
    throw new UsageError(
      `--param is for methods of classes, such as Model.predict; ${name} takes its arguments by --args and --kwargs.`,
    );
  }
  return namedFunction(modal, app, name, await instanceParameters(modal, app, className, param));
}

/**
 * What has the containers of a function or a method: itself, or the instance of the class, for all methods share them.
 *
 * @throws UsageError, NotFoundError as {@link callable} does
 */
export async function containerOwner(
  modal: ModalClient,
  app: string,
  name: string,
  { param = [] }: InstanceOptions,
): Promise<Pick<ModalFunction, "keepWarm" | "updateAutoscaler" | "getAutoscaler">> {
  const [className = "", method] = name.split(".");
  if (method === undefined) return callable(modal, app, name, { param });
  return modal.classes.fromName(app, className).instance(await instanceParameters(modal, app, className, param));
}

async function instanceParameters(modal: ModalClient, app: string, className: string, param: readonly string[]) {
  if (param.length === 0) return {};
  const { parameters } = await modal.classes.lookup(app, className);
  const texts = Object.entries(parameterTexts(param));
  return Object.fromEntries(texts.map(([key, text]) => [key, parameterValue(key, text, parameters)]));
}

/** What the user wrote of each parameter. @throws UsageError for one that is not `name=value` */
export function parameterTexts(param: readonly string[]): Record<string, string> {
  const given = param.map((text) => {
    const [, key = "", value = ""] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (!key) throw new UsageError(`--param must be name=value, such as size=7, not ${text}.`);
    return [key, value] as const;
  });
  return Object.fromEntries(given);
}

/** A value of a type that is not known here: JSON where it is that, else the text. */
export function guessedValue(text: string): unknown {
  try {
    return parseJson(text, "");
  } catch {
    return text;
  }
}

function parameterValue(key: string, text: string, parameters: readonly ClassParameter[]): unknown {
  const declared = parameters.find(({ name }) => name === key);
  if (declared?.type === "str") return text;
  // A constructor of the user's need not tell types. An unknown name is refused later.
  return declared && declared.type !== "unknown" ? parseJson(text, `--param ${key}`) : guessedValue(text);
}
