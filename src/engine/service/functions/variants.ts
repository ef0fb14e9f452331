import type { House } from "../house.ts";

/** The ids of a function and, if these are wanted too, of those that are it with arguments or options of their own. */
export function variantIds({ store }: House, functionId: string, areWanted: boolean): string[] {
  const record = areWanted ? store.apps.function(functionId) : undefined;
  if (!record) return [functionId];
  const variants = store.apps.everyFunction(record.appId).filter(({ binding }) => binding?.baseId === functionId);
  return [functionId, ...variants.map((variant) => variant.functionId)];
}
