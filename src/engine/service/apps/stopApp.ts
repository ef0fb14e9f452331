import type { House } from "../house.ts";

/** Stops an app, deployed or not: its calls are cancelled, its containers end. */
export async function stopApp({ deployments, web, runs, scheduler }: House, appId: string): Promise<void> {
  await deployments.stop(appId);
  web.appStopped(appId);
  await scheduler.appStopped(appId);
  runs.stopped(appId);
}
