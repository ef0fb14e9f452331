import type { ModalFunction } from "../functions/modalFunction.ts";
import type { ModalClient } from "../modalClient.ts";
import type { ClassParameters } from "./classParameters.ts";

/**
 * A function by its name in an app, as `apps.layout` lists it: of `Class.method`, the method of an instance. Makes no request.
 *
 * @param parameters of the instance
 */
export function namedFunction(
  modal: ModalClient,
  appName: string,
  name: string,
  parameters: ClassParameters = {},
): ModalFunction {
  const dot = name.indexOf(".");
  if (dot < 0) return modal.functions.fromName(appName, name);
  const cls = modal.classes.fromName(appName, name.slice(0, dot));
  return cls.instance(parameters).method(name.slice(dot + 1));
}
