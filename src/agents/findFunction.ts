import {
  type AppFunction,
  type ModalClient,
  type ModalFunction,
  NotFoundError,
  namedFunction,
} from "../client/index.ts";
import { InputError } from "../inputs/inputError.ts";

/** The properties with which tools name a function. */
export const functionProperties = {
  app: { type: "string", description: "The name of the app." },
  function: { type: "string", description: "The name of the function in its app; of a method, Class.method." },
} as const;

/** How an input names a function. */
export interface FunctionInput {
  readonly app: string;
  readonly function: string;
  /** Of a method: what its class is constructed with. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** More names than these help nobody. */
const MAX_NAMES = 50;

/**
 * Looks a deployed function up in the list of its app; of a method, what runs all methods of its class.
 *
 * @throws InputError there is no such app, or it has no such function: names those that there are
 */
export async function listedFunction(modal: ModalClient, { app, function: name }: FunctionInput): Promise<AppFunction> {
  const apps = (await modal.apps.list()).filter(({ state }) => state === "DEPLOYED");
  const found = apps.find((candidate) => candidate.name === app);
  if (!found) throw new InputError(`There is no deployed app "${app}"; ${namesOf("the apps", apps)}`);
  const functions = await modal.apps.layout(found.appId);
  const listed = functions.find((fn) => fn.name === name);
  if (listed) return listed;
  throw new InputError(`The app "${app}" has no function "${name}"; ${namesOf("its functions", functions)}`);
}

/**
 * Looks a deployed function up, to call it.
 *
 * @throws InputError as {@link listedFunction}
 * @throws InvalidError the class of a method does not take these parameters
 */
export async function findFunction(modal: ModalClient, input: FunctionInput): Promise<ModalFunction> {
  await listedFunction(modal, input);
  return namedFunction(modal, input.app, input.function, input.parameters).hydrate();
}

/**
 * The id of an app that may be stopped by now, by its name.
 *
 * @throws InputError there is no such app: names those that there are
 */
export async function findAppId(modal: ModalClient, app: string): Promise<string> {
  try {
    return (await modal.apps.lookup(app)).appId;
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    throw new InputError(`There is no app "${app}"; ${namesOf("the apps", await modal.apps.list())}`, { cause: error });
  }
}

/** @param what e.g. "the apps" */
function namesOf(what: string, things: readonly { readonly name: string }[]): string {
  if (things.length === 0) return "there are none.";
  const names = things.slice(0, MAX_NAMES).map(({ name }) => `"${name}"`);
  const more = things.length > MAX_NAMES ? ` and ${things.length - MAX_NAMES} more` : "";
  return `${what} are ${names.join(", ")}${more}.`;
}
