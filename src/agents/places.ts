import * as l10n from "@vscode/l10n";
import { InputError } from "../inputs/inputError.ts";
import type { LazyTarget } from "../targets/lazyTarget.ts";
import type { TargetPlace } from "../targets/targetList.ts";
import type { AgentServices } from "./agentTool.ts";

/** The properties with which every tool says where. */
export const placeProperties = {
  target: {
    type: "string",
    description:
      'Where to look: "Local", or the name of a Modal account. Default: the target that the user has selected.',
  },
  environment: { type: "string", description: "The Modal environment. Default: the target's default one." },
} as const;

/** How an input says where. */
export interface PlaceInput {
  readonly target?: string;
  readonly environment?: string;
}

/**
 * The target and environment that an input names, otherwise the current ones.
 *
 * @throws InputError there is no such target: names those that there are
 */
export async function placeOfInput({ targets }: AgentServices, input: PlaceInput): Promise<TargetPlace> {
  const { target: name, environment = "" } = input;
  if (name === undefined) {
    const { current } = targets;
    return input.environment === undefined ? current : { ...current, environmentName: environment };
  }
  const named = () =>
    targets.all.find((target) => target.name.toLowerCase() === name.toLowerCase() || target.id === name);
  if (!named()) await targets.refresh();
  const found = named();
  if (found) return { targetId: found.id, environmentName: environment };
  const known = targets.all.map((target) => `"${target.name}"`).join(", ");
  throw new InputError(`There is no target "${name}"; the targets are ${known}.`);
}

/** The place of a call: where the history has it, unless the input says otherwise. */
export async function placeOfCall(
  services: AgentServices,
  input: PlaceInput & { readonly functionCallId: string },
): Promise<TargetPlace> {
  const known = input.target === undefined ? services.history.find(input.functionCallId) : undefined;
  return known ?? placeOfInput(services, input);
}

/** A place in words, for sentences. */
export async function placeInWords({ targets }: AgentServices, place: TargetPlace): Promise<string> {
  const target: LazyTarget = await targets.find(place.targetId);
  if (target.id === "local") return l10n.t("on this machine");
  const { environmentName } = place;
  return environmentName === ""
    ? l10n.t`on the Modal account "${target.name}"`
    : l10n.t`on the Modal account "${target.name}" in the environment "${environmentName}"`;
}
