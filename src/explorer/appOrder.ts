import type { CallRecord } from "../calls/callRecord.ts";
import type { AppInfo, ModalClient } from "../client/index.ts";
import type { TargetPlace } from "../targets/targetList.ts";
import type { Arrangement } from "./arrangement.ts";

/** So many apps are asked about at a time. */
const AT_A_TIME = 20;

/** What an order may need of servers and of the past. */
export interface AppTimes {
  /** Unix milliseconds; 0 when unknown. */
  deployedAt(app: AppInfo): number;
  /** Unix milliseconds; 0 for an app that was not called from here. */
  calledAt(app: AppInfo): number;
}

/** Brings apps into an order. Those that are equal in it stand by name. */
export function sortApps(apps: AppInfo[], sort: Arrangement["sort"], times: AppTimes): void {
  const keys: Record<Arrangement["sort"], (app: AppInfo) => number> = {
    name: () => 0,
    state: ({ state, numRunningContainers }) => (numRunningContainers > 0 ? 2 : state === "DEPLOYED" ? 1 : 0),
    newest: ({ createdAt }) => createdAt,
    deployed: times.deployedAt,
    called: times.calledAt,
  };
  const key = keys[sort];
  apps.sort((a, b) => key(b) - key(a) || a.name.localeCompare(b.name));
}

/** When apps were called last from this workspace: servers list calls by function only, which would be a request for each. */
export function lastCalls(records: readonly CallRecord[], place: TargetPlace): ReadonlyMap<string, number> {
  const here = records.filter(
    ({ targetId, environmentName }) => targetId === place.targetId && environmentName === place.environmentName,
  );
  return new Map(here.toSorted((a, b) => a.createdAt - b.createdAt).map((call) => [call.appName, call.createdAt]));
}

/** When apps were deployed last. A server's list of apps does not say so: each is asked about once, and then some at every reading. */
export class DeployTimes {
  readonly #times = new Map<string, number>();

  of({ appId }: AppInfo): number {
    return this.#times.get(appId) ?? 0;
  }

  async read({ apps: service }: Pick<ModalClient, "apps">, apps: readonly AppInfo[]): Promise<void> {
    const unknown = apps.filter(({ appId }) => !this.#times.has(appId));
    const oldest = [...this.#times.keys()].slice(0, AT_A_TIME);
    const asked = unknown.length > 0 ? unknown.map(({ appId }) => appId) : oldest;
    for (let start = 0; start < asked.length; start += AT_A_TIME) {
      await Promise.all(asked.slice(start, start + AT_A_TIME).map((appId) => this.#read(service, appId)));
    }
  }

  async #read(service: ModalClient["apps"], appId: string): Promise<void> {
    const { deployedAt } = await service.info(appId).catch(() => ({ deployedAt: 0 })); // It may have gone meanwhile.
    this.#times.delete(appId);
    this.#times.set(appId, deployedAt); // At the end, so that the others come first the next time.
  }
}
