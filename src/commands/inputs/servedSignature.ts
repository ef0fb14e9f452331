import { type FunctionSchema, namedFunction } from "../../client/index.ts";
import { type InputField, typeText } from "../../inputs/inputField.ts";
import type { FunctionChoice } from "../choose/chooseFunction.ts";
import type { Services } from "../services.ts";
import { declaredSignature } from "./declaredSignature.ts";
import type { FunctionSignature } from "./functionSignature.ts";

/**
 * Asks the server what a function takes. Of a method it asks the class, so that no instance is made.
 *
 * @throws NotFoundError when there is no such function
 */
export async function signatureOf(services: Services, choice: FunctionChoice): Promise<FunctionSignature> {
  const { appName, functionName } = choice;
  const open = await openSignature(services, choice);
  const modal = await services.targets.modal(choice);
  const [className = "", method] = functionName.split(".");
  if (method === undefined) {
    const { schema } = await namedFunction(modal, appName, functionName).hydrate();
    return { ...described(functionName, schema, open), className: "", parameters: [] };
  }
  const cls = await modal.classes.fromName(appName, className).hydrate();
  const parameters = cls.parameters.map(({ type, ...parameter }) => ({ ...parameter, type: { base: type, sub: [] } }));
  return {
    ...described(functionName, cls.schemaOf(method), open),
    className,
    // Modal does not know the arguments of an `__init__`.
    parameters: parameters.length > 0 ? parameters : (open?.parameters ?? []),
  };
}

/** As an editor shows it, which knows what servers do not. */
async function openSignature({ functions }: Services, choice: FunctionChoice): Promise<FunctionSignature | undefined> {
  const open = await functions.find(choice);
  return open && declaredSignature(open.declaration);
}

/** Of `*args` and `**kwargs` servers do not tell. */
function described(
  name: string,
  schema: FunctionSchema | undefined,
  open: FunctionSignature | undefined,
): Pick<FunctionSignature, "title" | "fields"> {
  if (open && !open.fields) return { title: open.title, fields: undefined };
  if (!schema) return { title: open?.title ?? name, fields: open?.fields };
  return { title: `${name}(${schema.parameters.map(fieldTitle).join(", ")})`, fields: schema.parameters };
}

/** E.g. `limit: int = …`. */
function fieldTitle({ name, type, hasDefault }: InputField): string {
  const annotation = type.base === "unknown" ? "" : `: ${typeText(type)}`;
  return `${name}${annotation}${hasDefault ? " = …" : ""}`;
}
