/** Says what is being done, does it, and says how long it took. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  console.log(`▸ ${title}`);
  const result = await work();
  console.log(`  ${seconds(startedAt)}`);
  return result;
}

/** The time since `startedAt` (milliseconds of `performance.now()`), such as "1.2 s". */
export function seconds(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}
