import type { MessageInitShape } from "@bufbuild/protobuf";
import { type EnvironmentGetOrCreateResponseSchema, ObjectCreationType } from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { EnvironmentRecord } from "../store/environmentStore.ts";
import { stopApp } from "./apps/stopApp.ts";
import { environmentNamed, type House, type ModalHandlers } from "./house.ts";

/** Modal's rule for the names of environments. */
const NAME = /^(?!en-)[a-z0-9][a-z0-9_.-]{0,63}$/i;

/** Modal's clients refuse to deploy without one that they know (`py/modal/_image.py`); nothing is built by it. */
const IMAGE_BUILDER_VERSION = "2025.06";

type Names =
  | "environmentList"
  | "environmentGetOrCreate"
  | "environmentCreate"
  | "environmentUpdate"
  | "environmentDelete";

/** The handlers of environments. */
export function environmentHandlers(house: House): ModalHandlers<Names> {
  const { store, deployments, volumes } = house;
  const { environments } = store;
  return {
    environmentList: () => ({ items: environments.list().map(listItem) }),

    environmentGetOrCreate: async ({ deploymentName, objectCreationType }) => {
      const name = environmentNamed(deploymentName);
      const existing = environments.get(name);
      if (existing) {
        if (objectCreationType === ObjectCreationType.CREATE_FAIL_IF_EXISTS) throw alreadyExists(name);
        return answer(existing);
      }
      if (objectCreationType === ObjectCreationType.UNSPECIFIED) throw notFound(house, name);
      checkName(name);
      await store.database.write(() => environments.add(name, Date.now() / 1_000));
      return answer(environments.get(name));
    },

    environmentCreate: async ({ name, isManaged }) => {
      checkName(name);
      if (isManaged)
        throw refusal("The engine has one user, so none of its environments is restricted; leave that out.");
      if (environments.get(name)) throw alreadyExists(name);
      await store.database.write(() => environments.add(name, Date.now() / 1_000));
      return {};
    },

    environmentUpdate: async ({ currentName, name, webSuffix }) => {
      const environment = theEnvironment(house, currentName);
      if (webSuffix) throw refusal("Addresses of web endpoints have no suffix here; leave the web suffix out.");
      if (name === undefined || name === currentName) return listItem(environment);
      checkName(name);
      if (isDefault(currentName)) throw refusal(`The environment ${currentName} is always there, and keeps its name.`);
      if (environments.get(name)) throw alreadyExists(name);
      await store.database.write(() => environments.rename(currentName, name));
      return listItem({ ...environment, name });
    },

    environmentDelete: async ({ name }) => {
      theEnvironment(house, name);
      if (isDefault(name)) throw refusal(`The environment ${name} is always there; delete what is in it instead.`);
      const apps = store.apps.list(name).filter(({ stoppedAt }) => stoppedAt === undefined);
      for (const { appId } of apps) await stopApp(house, appId);
      const deleted = store.objects.ofEnvironment("vo", name, { before: Number.POSITIVE_INFINITY, limit: -1 });
      await store.database.write(() => environments.delete(name));
      for (const { objectId } of deleted) await volumes.delete(objectId);
      deployments.forgetVariables();
      return {};
    },
  };
}

function answer(
  environment: EnvironmentRecord | undefined,
): MessageInitShape<typeof EnvironmentGetOrCreateResponseSchema> {
  const { name = "", environmentId = "" } = environment ?? {};
  return { environmentId, metadata: { name, settings: { imageBuilderVersion: IMAGE_BUILDER_VERSION } } };
}

function listItem({ name, environmentId, createdAt }: EnvironmentRecord) {
  return { name, environmentId, createdAt, default: isDefault(name) };
}

function isDefault(name: string): boolean {
  return name === environmentNamed("");
}

/** @throws RpcError NOT_FOUND */
function theEnvironment(house: House, name: string): EnvironmentRecord {
  const environment = house.store.environments.get(name);
  if (environment) return environment;
  throw notFound(house, name);
}

/** @throws RpcError INVALID_ARGUMENT */
function checkName(name: string): void {
  if (NAME.test(name)) return;
  throw refusal(
    `"${name}" cannot name an environment; write up to 64 letters, digits, dashes, dots and underscores, and no en- in front.`,
  );
}

function notFound({ store }: House, name: string): RpcError {
  const names = store.environments.list().map((environment) => environment.name);
  return new RpcError(RpcStatus.NOT_FOUND, `There is no environment ${name}; there are: ${names.join(", ")}.`);
}

function alreadyExists(name: string): RpcError {
  return new RpcError(RpcStatus.ALREADY_EXISTS, `There is an environment ${name} already.`);
}

function refusal(message: string): RpcError {
  return new RpcError(RpcStatus.INVALID_ARGUMENT, message);
}
