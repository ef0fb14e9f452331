import * as l10n from "@vscode/l10n";
import type { CallRecord } from "../calls/callRecord.ts";
import type { InputStatus } from "../calls/model.ts";
import { withCancellableProgress } from "./progress.ts";
import type { Services } from "./services.ts";

const FAILED: readonly InputStatus[] = ["FAILURE", "TIMEOUT", "INIT_FAILURE"];

/**
 * The indexes of a map's inputs that failed, in their order. Inputs that were cancelled did not fail. Follows the map until it has
 * finished; giving up leaves it as it is.
 */
export async function failedInputs({ watches }: Services, record: CallRecord): Promise<number[]> {
  const watch = watches.of(record);
  await withCancellableProgress(l10n.t`Waiting for the results of ${record.functionName}`, ({ signal }) => {
    return watch.finished(signal);
  });
  const failed: number[] = [];
  const stop = watch.subscribe((event) => {
    if (event.type !== "rows") return;
    for (const { index, status } of event.rows) if (FAILED.includes(status)) failed.push(index);
  });
  stop();
  return failed.sort((a, b) => a - b);
}
