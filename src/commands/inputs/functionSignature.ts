import type { InputField } from "../../inputs/inputField.ts";

/** What a function is called with, as its server or its file says it. */
export interface FunctionSignature {
  /** E.g. `count(text: str, limit: int = …)`. */
  readonly title: string;
  /** Undefined where neither says all of it. */
  readonly fields: readonly InputField[] | undefined;
  /** Of a method: the class, and the parameters that make an instance. Empty for a class without any. */
  readonly className: string;
  readonly parameters: readonly InputField[];
}
