import type { TargetList, TargetPlace } from "../targets/targetList.ts";

// Commands are called with rows of the tree, by CodeLenses and by other extensions: what they bring is looked at, not believed.

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** A property of a command's argument, when it is text. */
export function textProperty(argument: unknown, name: string): string | undefined {
  const value = isRecord(argument) ? argument[name] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The target and the environment that a command's argument names, otherwise the current ones. */
export function placeOf({ targets }: { readonly targets: TargetList }, argument: unknown): TargetPlace {
  const targetId = textProperty(argument, "targetId");
  if (targetId === undefined) return targets.current;
  return { targetId, environmentName: textProperty(argument, "environmentName") ?? "" };
}
