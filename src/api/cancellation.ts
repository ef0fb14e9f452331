import * as l10n from "@vscode/l10n";
import type { CancellationToken } from "vscode";

/** VS Code knows by the name that nothing has failed. */
class CancelledError extends Error {
  override readonly name = "Canceled";
}

/**
 * A token of VS Code as a signal.
 *
 * @param alsoDo what to do when it is cancelled; a failure of that changes nothing for the caller
 */
export function cancellation(
  token: CancellationToken | undefined,
  alsoDo: () => Promise<unknown> = async () => undefined,
): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const stop = new AbortController();
  const cancel = () => {
    void alsoDo().catch(() => undefined);
    stop.abort(new CancelledError(l10n.t("The call was cancelled.")));
  };
  if (token?.isCancellationRequested) cancel();
  const listening = token?.onCancellationRequested(cancel);
  return { signal: stop.signal, dispose: () => listening?.dispose() };
}
