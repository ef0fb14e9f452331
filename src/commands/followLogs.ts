import { chooseLogs } from "./choose/chooseLogs.ts";
import type { Services } from "./services.ts";

/**
 * *Follow Logs*: shows what an app, a function, a call or a container prints, and follows it.
 *
 * @param argument a row of the tree; otherwise the user picks
 */
export async function followLogs(services: Services, argument: unknown): Promise<void> {
  const origin = await chooseLogs(services, argument);
  if (!origin) return;
  const { LogFollow } = await import("../logs/logFollow.ts");
  await services.logs.show(new LogFollow(origin, () => services.targets.modal(origin)));
}
