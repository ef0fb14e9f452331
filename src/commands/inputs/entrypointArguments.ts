import type { FunctionParameter } from "../../editor/functionParameters.ts";
import { annotationType } from "../../inputs/annotationType.ts";
import type { CallArguments } from "../../inputs/callArguments.ts";
import type { InputField } from "../../inputs/inputField.ts";
import { inputText } from "../../inputs/inputText.ts";
import type { DeclaredFunction } from "../choose/chooseDeclaration.ts";
import { declaredFields, declaredTitle, defaultOf } from "./declaredSignature.ts";
import type { FunctionSignature } from "./functionSignature.ts";

type Parameters = DeclaredFunction["parameters"];

/** What a local entrypoint takes: on a command line everything is text, but numbers and booleans. */
export function entrypointSignature({ functionName, parameters }: DeclaredFunction): FunctionSignature {
  const title = declaredTitle({ functionName, parameters });
  return { title, fields: declaredFields(parameters, fieldOf), className: "", parameters: [] };
}

/** The words of a command line that give a local entrypoint these arguments, as `modal run` takes them. */
export function entrypointWords({ args, kwargs }: CallArguments, parameters: Parameters = []): string[] {
  if (parameters.some(({ kind }) => kind === "var_positional")) return args.map(word);
  const byPlace = args.map((value, index) => [parameters[index]?.name ?? `argument ${index}`, value] as const);
  return [...byPlace, ...Object.entries(kwargs)].flatMap(([name, value]) => option(name.replaceAll("_", "-"), value));
}

/** Nothing for `None`, which a command line cannot say: then the default counts. */
function option(name: string, value: unknown): string[] {
  if (typeof value === "boolean") return [value ? `--${name}` : `--no-${name}`];
  return value === null ? [] : [`--${name}=${word(value)}`];
}

function word(value: unknown): string {
  return typeof value === "string" ? value : inputText(value);
}

function fieldOf(parameter: FunctionParameter): InputField {
  const type = annotationType(withoutNone(parameter.annotation ?? "str"));
  const isText = !["int", "float", "bool"].includes(type.base);
  return { name: parameter.name, type: isText ? { base: "str", sub: [] } : type, ...defaultOf(parameter) };
}

/** `int` of `Optional[int]` and `int | None`. */
function withoutNone(annotation: string): string {
  const [, optional] = /^(?:typing\.)?Optional\[(.*)\]$/s.exec(annotation.trim()) ?? [];
  return optional ?? annotation.replace(/^\s*None\s*\|\s*|\s*\|\s*None\s*$/g, "");
}
