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
  const given = param.map((text) => {
    const [, key = "", value = ""] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (!key) throw new UsageError(`--param must be name=value, such as size=7, not ${text}.`);
    return [key, parameterValue(key, value, parameters)] as const;
  });
  return Object.fromEntries(given);
}

function parameterValue(key: string, text: string, parameters: readonly ClassParameter[]): unknown {
  const declared = parameters.find(({ name }) => name === key);
  if (declared?.type === "str") return text;
  try {
    return parseJson(text, `--param ${key}`);
  } catch (error) {
    // A constructor of the user's tells no types: what is no JSON is text. An unknown name is refused later, with those that exist.
    if (!declared) return text;
    throw error;
  }
}
