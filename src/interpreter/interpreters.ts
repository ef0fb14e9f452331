import { dirname } from "node:path";
import type * as vscode from "vscode";
import { type Interpreter, resolveInterpreter } from "../targets/interpreter.ts";

/** Somebody who may have chosen an interpreter, such as a setting or another extension. */
export interface InterpreterSource {
  /** For the user, as in "from the Python extension". */
  readonly name: string;
  /** The command or path of the interpreter for a file; undefined when there is none by this source. */
  find(file: vscode.Uri): Promise<string | undefined>;
  /** Calls the listener when other answers may be given from now on. */
  onChange(listener: () => void): vscode.Disposable;
}

/**
 * Which Python runs a file: the first source that names one; otherwise what a terminal in its folder would use. Sources are asked once
 * for each file, and again after they have changed. Environments on disk are looked for each time, which takes a moment only.
 */
export class Interpreters implements vscode.Disposable {
  readonly #sources: readonly InterpreterSource[];
  readonly #chosen = new Map<string, Promise<Choice | undefined>>();
  readonly #listeners = new Set<() => void>();
  readonly #watched: readonly vscode.Disposable[];

  /** @param sources the first one that answers is heard */
  constructor(sources: readonly InterpreterSource[]) {
    this.#sources = sources;
    this.#watched = sources.map((source) => source.onChange(() => this.#forget()));
  }

  /**
   * @param file a Python file on disk
   * @throws InterpreterError there is none that can be used
   */
  async of(file: vscode.Uri): Promise<Interpreter> {
    return resolveInterpreter({ explicit: await this.#choice(file), folder: dirname(file.fsPath) });
  }

  /** Calls the listener when files may have another interpreter from now on; the answer ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    for (const watched of this.#watched) watched.dispose();
    this.#listeners.clear();
  }

  #choice(file: vscode.Uri): Promise<Choice | undefined> {
    const key = file.toString();
    const known = this.#chosen.get(key);
    if (known !== undefined) return known;
    const choice = this.#ask(file);
    this.#chosen.set(key, choice);
    choice.catch(() => this.#chosen.get(key) === choice && this.#chosen.delete(key));
    return choice;
  }

  async #ask(file: vscode.Uri): Promise<Choice | undefined> {
    for (const source of this.#sources) {
      const command = await source.find(file);
      if (command) return { command, source: source.name };
    }
    return undefined;
  }

  #forget(): void {
    this.#chosen.clear();
    for (const listener of this.#listeners) listener();
  }
}

interface Choice {
  readonly command: string;
  readonly source: string;
}
