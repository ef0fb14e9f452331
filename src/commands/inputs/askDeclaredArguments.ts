import { type CallArguments, parseArguments } from "../../inputs/callArguments.ts";
import type { DeclaredFunction } from "../choose/chooseDeclaration.ts";
import type { Services } from "../services.ts";
import { askArguments } from "./askInput.ts";
import { declaredSignature } from "./declaredSignature.ts";
import { givenArguments, givenParameters, givenTexts } from "./givenInputs.ts";

/** What a call that no server takes part in is made with. */
export interface DeclaredArguments extends CallArguments {
  /** Of the class of a method. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * The arguments of a call that no server takes part in: those that the command was given, or what the user gives where the file shows that
 * something is needed. What was given last for the function is there again, wherever it ran.
 *
 * @param argument `{ args, kwargs, parameters }`, `{ inputText, parametersText }`, or anything else
 * @param verb what happens then, e.g. `Debug`
 * @returns undefined when the user gives up
 */
export async function askDeclaredArguments(
  services: Services,
  fn: DeclaredFunction,
  argument: unknown,
  verb: string,
): Promise<DeclaredArguments | undefined> {
  const given = givenArguments(argument);
  if (given) return { ...given, parameters: givenParameters(argument) };
  const { inputText, parametersText } = givenTexts(argument);
  const texts =
    inputText === undefined
      ? await askArguments(services, fn, declaredSignature(fn), verb)
      : { inputText, parametersText };
  if (!texts) return undefined;
  const parameters = parseArguments(texts.parametersText ?? "").kwargs;
  return { ...parseArguments(texts.inputText), parameters };
}
