import { RpcError, RpcStatus } from "../../../proto/grpc/rpcError.ts";
import { callables } from "../../deploy/classes.ts";
import type { AppDefinition } from "../../deploy/definition.ts";
import type { AppRecord } from "../../store/appStore.ts";
import { environmentNamed, type House, type ModalHandlers } from "../house.ts";
import { pinFunction } from "./bindFunction.ts";
import { functionMetadata } from "./functionMetadata.ts";
import { functionStats } from "./functionStats.ts";

/** The handlers of functions. */
export function functionHandlers(
  house: House,
): ModalHandlers<"functionGet" | "functionGetById" | "functionGetCurrentStats"> {
  const { store, deployments } = house;
  return {
    functionGet: async ({ appName, objectTag, environmentName, appVersion }) => {
      const found = await functionAtVersion(house, appName, objectTag, environmentName, appVersion);
      const { functionId, appId, definition } = found;
      return { functionId, handleMetadata: functionMetadata(house, appId, definition) };
    },

    functionGetById: ({ functionId }) => {
      const { app, definition } = deployments.launchOf(functionId);
      return { handleMetadata: functionMetadata(house, app.id, definition) };
    },

    functionGetCurrentStats: ({ functionId }) => {
      const record = store.apps.function(functionId);
      if (!record) throw new RpcError(RpcStatus.NOT_FOUND, `There is no function ${functionId} here.`);
      return functionStats(house, record);
    },
  };
}

/**
 * @param version of the app; 0 is the live one
 * @throws RpcError NOT_FOUND with what there is instead
 */
export function functionNamed(house: House, appName: string, name: string, environmentName: string, version = 0) {
  const { store, deployments } = house;
  const environment = environmentNamed(environmentName);
  const live = store.apps.deployed(environment, appName);
  if (!live) {
    const deployed = store.apps.list(environment).filter(({ stoppedAt, run }) => stoppedAt === undefined && !run);
    const names = deployed.map((other) => other.name);
    throw new RpcError(
      RpcStatus.NOT_FOUND,
      `No app named ${appName} is deployed in the environment ${environment}; ${listed("deployed", names)}.`,
    );
  }
  return functionOf(house, version === 0 ? live : deployments.version(live, version), name);
}

/** The same for calls: a function that is asked for at a version has an id of its own there. */
export async function functionAtVersion(
  house: House,
  appName: string,
  name: string,
  environmentName: string,
  version: number,
) {
  const found = functionNamed(house, appName, name, environmentName, version);
  return version === 0 ? found : { ...found, functionId: await pinFunction(house, found.functionId, version) };
}

/** @throws RpcError NOT_FOUND with what the app has instead */
export function functionOf({ store }: House, app: AppRecord, name: string) {
  const definition = app.definition.functions.find((candidate) => candidate.name === name);
  const record = store.apps.functions(app.appId).find((candidate) => candidate.name === name);
  if (!definition || !record) {
    throw new RpcError(RpcStatus.NOT_FOUND, `The app ${app.name} has no ${missing(app.definition, name)}.`);
  }
  return { functionId: record.functionId, appId: app.appId, definition };
}

/** A class is looked up by `Class.*`; that of a method tells its methods. */
function missing({ functions }: AppDefinition, name: string): string {
  const dot = name.indexOf(".");
  const className = dot < 0 ? "" : name.slice(0, dot);
  const cls = functions.find((candidate) => candidate.cls?.name === className)?.cls;
  if (cls?.methods.some((method) => name === `${className}.${method.name}`)) {
    return `function ${name}: that is a method, so look up the class ${className}`;
  }
  if (cls)
    return `method ${name}; ${listed(
      `${className} has`,
      cls.methods.map((method) => method.name),
    )}`;
  const names = functions.flatMap((definition) => callables(definition).map((callable) => callable.name));
  const what = name.endsWith(".*") ? `class ${className}` : `function ${name}`;
  return `${what}; ${listed("it has", names)}`;
}

function listed(what: string, names: readonly string[]): string {
  return names.length === 0 ? `${what}: nothing` : `${what}: ${names.join(", ")}`;
}
