import * as l10n from "@vscode/l10n";
import type { CallKind } from "../calls/model.ts";
import type { FunctionCall, ModalFunction } from "../client/index.ts";
import type { AgentServices, Confirmation } from "./agentTool.ts";
import { type FunctionInput, findFunction } from "./findFunction.ts";
import { type PlaceInput, placeInWords, placeOfInput } from "./places.ts";

/** The property with which tools say what the class of a method is constructed with. */
export const parameterProperties = {
  parameters: {
    type: "object",
    description: "Of a method: the parameters of its class, by name. Default: those that the class declares.",
  },
} as const;

/** The properties with which tools say what a function is called with. */
export const argumentProperties = {
  args: { type: "array", description: "The positional arguments. Default: none." },
  kwargs: { type: "object", description: "The keyword arguments, by name. Default: none." },
  ...parameterProperties,
} as const;

/**
 * Makes a call, and lets the user see it among the others.
 *
 * @param send makes the call
 * @throws InputError there is no such target, app or function
 */
export async function startCall(
  services: AgentServices,
  input: PlaceInput & FunctionInput,
  kind: CallKind,
  send: (fn: ModalFunction) => Promise<FunctionCall>,
): Promise<{ readonly fn: ModalFunction; readonly call: FunctionCall }> {
  const place = await placeOfInput(services, input);
  const fn = await findFunction(await services.targets.modal(place), input);
  const createdAt = Date.now();
  const call = await send(fn);
  const { functionCallId } = call;
  const { targetId, environmentName } = place;
  const names = { appName: input.app, functionName: input.function };
  await services.remember({ targetId, environmentName, ...names, functionCallId, kind, createdAt });
  return { fn, call };
}

/**
 * Asks before a function is called.
 *
 * @param title the question, e.g. `Call square?`
 * @param sent what the user is shown of what is sent
 */
export async function confirmCall(
  services: AgentServices,
  input: PlaceInput & FunctionInput,
  title: string,
  sent: Readonly<Record<string, unknown>>,
): Promise<Confirmation> {
  const place = await placeOfInput(services, input);
  const where = await placeInWords(services, place);
  const message =
    place.targetId === "local"
      ? l10n.t`The function ${input.function} of the app "${input.app}" will run as it is deployed ${where}.`
      : l10n.t`The function ${input.function} of the app "${input.app}" will run as it is deployed ${where}, where it may cost money.`;
  return { title, message, payload: input.parameters ? { ...sent, parameters: input.parameters } : sent };
}
