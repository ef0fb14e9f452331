import { createHash } from "node:crypto";
import { callables } from "../deploy/classes.ts";
import type { AppDefinition, CallableDefinition, WebDefinition } from "../deploy/definition.ts";
import type { AppRecord } from "../store/appStore.ts";

/** A function, or a method, that answers HTTP requests. */
export interface WebEndpoint {
  readonly appId: string;
  /** As users know it: `function`, or `Class.method`. */
  readonly name: string;
  /** The function whose containers serve it. */
  readonly functionName: string;
  readonly methodName: string | undefined;
  readonly kind: WebDefinition["kind"];
  /**
   * What its address is made from. The same label has the same port again, after a restart and in another engine; of several apps that
   * run at a time, only the first.
   */
  readonly label: string;
}

/** Below the ports that systems give out by themselves, which begin at 32768 on Linux. */
const FIRST_PORT = 20_000;
const PORTS = 12_000;

/** The web endpoints of an app, in the order of its file. */
export function webEndpoints({ appId, name: appName, environment, definition }: AppRecord): WebEndpoint[] {
  return definition.functions.flatMap((service) =>
    callables(service).flatMap(({ name, callable }) => {
      const { web } = callable;
      if (!web) return [];
      const methodName = service.cls && callable.name;
      const label = labelOf(web, environment, appName, name);
      // Modal's runtime has a server of the user's own answer by ASGI, too: nothing but requests and websockets.
      const kind = web.kind === "web_server" && definition.runtime === "modal" ? "asgi_app" : web.kind;
      return [{ appId, name, functionName: service.name, methodName, kind, label }];
    }),
  );
}

/**
 * Two endpoints that would have the same address, in a file or beside what is deployed.
 *
 * @param apps the apps of the file, which take the place of those deployed under their names
 */
export function sharedLabel(
  environment: string,
  apps: readonly AppDefinition[],
  deployed: readonly AppRecord[],
):
  | { readonly label: string; readonly callable: CallableDefinition; readonly names: readonly [string, string] }
  | undefined {
  const names = new Set(apps.map(({ name }) => name));
  const others = deployed.filter((app) => app.environment === environment && !names.has(app.name) && isDeployed(app));
  const owners = new Map<string, string>();
  for (const { name: appName, functions } of [...others.map(({ definition }) => definition), ...apps]) {
    for (const { name, callable } of functions.flatMap(callables)) {
      if (!callable.web?.label) continue;
      const owner = owners.get(callable.web.label);
      if (owner) return { label: callable.web.label, callable, names: [`${appName}.${name}`, owner] };
      owners.set(callable.web.label, `${appName}.${name}`);
    }
  }
  return undefined;
}

function isDeployed({ stoppedAt, run }: AppRecord): boolean {
  return stoppedAt === undefined && run === undefined;
}

/** The port that a label has where it is free. */
export function preferredPort(label: string): number {
  return FIRST_PORT + (createHash("sha256").update(label).digest().readUInt32BE() % PORTS);
}

function labelOf({ label }: WebDefinition, environment: string, appName: string, name: string): string {
  return label ? `${environment}/${label}` : `${environment}/${appName}/${name}`;
}
