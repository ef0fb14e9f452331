import { type FunctionParameter, parametersText } from "../../editor/functionParameters.ts";
import { annotationType } from "../../inputs/annotationType.ts";
import type { InputField } from "../../inputs/inputField.ts";
import { parsePythonLiteral } from "../../inputs/pythonLiteral.ts";
import type { DeclaredFunction } from "../choose/chooseDeclaration.ts";
import type { FunctionSignature } from "./functionSignature.ts";

/** What is needed of a function that is known by its place in a file. */
type Declared = Pick<DeclaredFunction, "functionName" | "parameters" | "classParameters">;

/** What a function takes, as its file says it, in the form in which servers say it. */
export function declaredSignature({ functionName, parameters, classParameters }: Declared): FunctionSignature {
  const [className = "", method] = functionName.split(".");
  return {
    title: declaredTitle({ functionName, parameters }),
    fields: declaredFields(parameters, fieldOf),
    className: method === undefined ? "" : className,
    parameters: declaredFields(classParameters, fieldOf) ?? [],
  };
}

/** E.g. `count(text: str, limit: int = 3)`. */
export function declaredTitle({ functionName, parameters }: Omit<Declared, "classParameters">): string {
  return parameters ? `${functionName}(${parametersText(parameters)})` : functionName;
}

/** A field for each parameter. Undefined where they are not known, or take what has no name, so that no form can ask for all of it. */
export function declaredFields(
  parameters: readonly FunctionParameter[] | undefined,
  field: (parameter: FunctionParameter) => InputField,
): InputField[] | undefined {
  const isComplete = parameters?.every(({ kind }) => kind === "positional" || kind === "keyword");
  return isComplete ? parameters?.map(field) : undefined;
}

/** The default that is written, where it is a literal. */
export function defaultOf({ default: text }: FunctionParameter): Pick<InputField, "hasDefault" | "default"> {
  if (text === undefined) return { hasDefault: false };
  try {
    return { hasDefault: true, default: parsePythonLiteral(text) };
  } catch {
    return { hasDefault: true };
  }
}

function fieldOf(parameter: FunctionParameter): InputField {
  const { name, annotation = "" } = parameter;
  return { name, type: annotationType(annotation), ...defaultOf(parameter) };
}
