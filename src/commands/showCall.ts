import { chooseCall } from "./choose/chooseCall.ts";
import type { Services } from "./services.ts";

/**
 * *Show Call*: opens the panel of a call.
 *
 * @param argument `{ functionCallId }`; otherwise the user picks one
 */
export async function showCall(services: Services, argument: unknown): Promise<void> {
  const record = await chooseCall(services, argument, { unfinishedOnly: false });
  if (record) services.panels.show(record);
}
