/** A function as a text names it. */
export interface NamedFunction {
  /** Undefined when the text does not say it: any app. */
  readonly appName: string | undefined;
  readonly functionName: string;
}

/** A function as a server names it. */
export interface ServedFunction {
  readonly appName: string;
  readonly functionName: string;
}

/** Whether a function that a server knows may be that of a text. */
export function isNamed({ appName, functionName }: ServedFunction, fn: NamedFunction): boolean {
  return functionName === fn.functionName && (fn.appName === undefined || fn.appName === appName);
}
