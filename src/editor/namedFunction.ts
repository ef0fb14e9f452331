/** A function as a text names it. */
export interface NamedFunction {
  /** Undefined when the text does not say it: any app. */
  readonly appName: string | undefined;
  readonly functionName: string;
}

/** Whether something that a server knows by these names may be the function of a text. */
export function isNamed(
  { appName, functionName }: { readonly appName: string; readonly functionName: string },
  fn: NamedFunction,
): boolean {
  return functionName === fn.functionName && (fn.appName === undefined || fn.appName === appName);
}
