// Commands are called with rows of the tree, by CodeLenses and by other extensions: what they bring is looked at, not believed.

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** A property of a command's argument, when it is text. */
export function textProperty(argument: unknown, name: string): string | undefined {
  const value = isRecord(argument) ? argument[name] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}
