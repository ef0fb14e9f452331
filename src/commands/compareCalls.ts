import * as l10n from "@vscode/l10n";
import { textProperty } from "./argument.ts";
import { chooseCall } from "./choose/chooseCall.ts";
import type { Services } from "./services.ts";

/**
 * *Compare Calls…*: shows the results of two calls side by side.
 *
 * @param argument `{ functionCallId, otherFunctionCallId }`; the user picks what is missing
 */
export async function compareCalls(services: Services, argument: unknown): Promise<void> {
  const question = l10n.t("Which call is on the left?");
  const left = await chooseCall(services, argument, { unfinishedOnly: false, question });
  if (!left) return;
  const functionCallId = textProperty(argument, "otherFunctionCallId");
  const right = await chooseCall(services, functionCallId && { functionCallId }, {
    unfinishedOnly: false,
    question: l10n.t`Which call is compared with ${left.functionName}, on the right?`,
  });
  if (right) await services.comparisons.show({ left, right });
}

/** *Select for Compare*: keeps the call of a row until another one is compared with it. */
export async function selectForCompare(services: Services, argument: unknown): Promise<void> {
  const record = await chooseCall(services, argument, { unfinishedOnly: false });
  if (record) await services.comparisons.select(record);
}

/** *Compare with Selected*: compares the call of a row with the one that was selected. */
export async function compareWithSelected(services: Services, argument: unknown): Promise<void> {
  const left = services.comparisons.selected;
  if (!left) return selectForCompare(services, argument);
  const right = await chooseCall(services, argument, { unfinishedOnly: false });
  if (right) await services.comparisons.show({ left, right });
}
