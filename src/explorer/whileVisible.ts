import type * as vscode from "vscode";

/** Repeats work while a view is visible, each time a while after the last one ended. No timer runs otherwise. */
export class WhileVisible implements vscode.Disposable {
  readonly #view: Pick<vscode.TreeView<unknown>, "visible">;
  readonly #work: () => Promise<void>;
  readonly #pauseMs: number;
  readonly #disposable: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;
  #working = false;
  #disposed = false;

  /** @param work never rejects */
  constructor(view: vscode.TreeView<unknown>, pauseMs: number, work: () => Promise<void>) {
    this.#view = view;
    this.#work = work;
    this.#pauseMs = pauseMs;
    this.#disposable = view.onDidChangeVisibility(() => this.schedule());
  }

  /** Begins the pause anew, unless the work is going on. */
  schedule(): void {
    clearTimeout(this.#timer);
    if (this.#view.visible && !this.#working && !this.#disposed)
      this.#timer = setTimeout(() => void this.#run(), this.#pauseMs);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#disposable.dispose();
  }

  async #run(): Promise<void> {
    this.#working = true;
    try {
      await this.#work();
    } finally {
      this.#working = false;
      this.schedule();
    }
  }
}
