import { resolve } from "node:path";
import type { Kwargs } from "../functions/positionalArguments.ts";
import type { FunctionSource, SourcePlace } from "./functionSource.ts";
import { type LocalAnswer, localAnswers, readDefinition } from "./localCall.ts";
import type { LocalOptions } from "./pythonProcess.ts";

/** Where a function is defined. */
export interface LocalFunctionOptions {
  /** The Python file. A relative path begins at the current folder. */
  readonly path: string;
  /** As Python names it: `square`, `make.<locals>.inner`, `Model.predict` for the method of a class. */
  readonly qualname: string;
  /** For a method: what its class is constructed with. Default: nothing. */
  readonly parameters?: Kwargs;
  /** The same as somebody wrote them, who does not know the types: counts instead where the class declares a `str`. */
  readonly parameterTexts?: Readonly<Record<string, string>>;
  /** Its app, where several apps in the file have a function of that name. */
  readonly appName?: string;
  /** The interpreter. Default: `python3`. */
  readonly python?: string;
}

/** A function that is known by its place in a file alone. It needs no client; `functions.fromSource` makes one that has a server too. */
export class LocalFunction {
  readonly #place: SourcePlace;

  constructor(options: LocalFunctionOptions) {
    this.#place = sourcePlace(options);
  }

  /**
   * Runs the function as `ModalFunction.local` does, whatever kind it is: yields each item of a generator, or else its one value.
   *
   * @throws RemoteError when the function, or its file, raised
   * @throws InvalidError when it is not there
   */
  run(args: readonly unknown[] = [], kwargs: Kwargs = {}, options: LocalOptions = {}): AsyncIterable<LocalAnswer> {
    return localAnswers(this.#place, args, kwargs, options);
  }

  /** As `ModalFunction.getRawF`: the definition as it stands in the file, which is not run. */
  getRawF(options: Omit<LocalOptions, "onLog"> = {}): Promise<FunctionSource> {
    return readDefinition(this.#place, options);
  }
}

/** The place with all of its defaults. */
export function sourcePlace(options: LocalFunctionOptions): SourcePlace {
  const { path, qualname, appName = "", parameters = {}, parameterTexts = {}, python = "" } = options;
  return { path: resolve(path), qualname, appName, parameters, parameterTexts, python };
}
