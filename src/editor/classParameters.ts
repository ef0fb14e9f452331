import type { SyntaxNode } from "@lezer/common";
import { type FunctionParameter, parametersOf } from "./functionParameters.ts";
import type { ModalNames } from "./modalNames.ts";
import { keywordArgument } from "./pythonSyntax.ts";

/**
 * What an instance of a Modal class is made with, as its body says it: `x: int = modal.parameter(…)`, or else the arguments of its
 * `__init__`. What it inherits is not seen.
 *
 * @param body of the class
 */
export function classParametersOf(text: string, body: SyntaxNode | null, names: ModalNames): FunctionParameter[] {
  const declared = (body?.getChildren("AssignStatement") ?? []).flatMap((node) => declaredParameter(text, node, names));
  return declared.length > 0 ? declared : constructorParameters(text, body);
}

function declaredParameter(text: string, statement: SyntaxNode, names: ModalNames): FunctionParameter[] {
  const slice = ({ from, to }: SyntaxNode) => text.slice(from, to);
  const { firstChild: name, lastChild: value } = statement;
  const annotation = statement.getChild("TypeDef")?.lastChild;
  const isParameter =
    value?.name === "CallExpression" && value.firstChild && names.isParameter(slice(value.firstChild));
  if (name?.name !== "VariableName" || !isParameter) return [];
  const given = (keyword: string) => keywordArgument(text, value.getChild("ArgList"), keyword);
  const init = given("init");
  if (init && slice(init) === "False") return []; // The class sets it by itself.
  const byDefault = given("default");
  return [
    {
      name: slice(name),
      kind: "keyword",
      annotation: annotation ? slice(annotation) : undefined,
      default: byDefault && slice(byDefault),
    },
  ];
}

function constructorParameters(text: string, body: SyntaxNode | null): FunctionParameter[] {
  const definition = body?.getChildren("FunctionDefinition").find((candidate) => {
    const name = candidate.getChild("VariableName");
    return name && text.slice(name.from, name.to) === "__init__";
  });
  return parametersOf(text, definition?.getChild("ParamList") ?? null).slice(1);
}
