import * as vscode from "vscode";

/** What long work gets to say how far it is, and to hear that it is no longer wanted. */
export interface LongWork {
  readonly signal: AbortSignal;
  report(message: string, fraction?: number): void;
}

/**
 * Runs long work under a notification with a *Cancel* button. The work ends by itself when its signal aborts, whose
 * reason is a `CancellationError`.
 *
 * @param fraction of `report` is how much of all work is done, from 0 to 1
 */
export function withCancellableProgress<T>(title: string, work: (work: LongWork) => Promise<T>): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, cancellable: true, title };
  return vscode.window.withProgress(options, (progress, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort(new vscode.CancellationError()));
    let done = 0;
    const report = (message: string, fraction = done) => {
      progress.report({ message, increment: Math.max(0, fraction - done) * 100 });
      done = Math.max(done, fraction);
    };
    return work({ signal: controller.signal, report });
  });
}
