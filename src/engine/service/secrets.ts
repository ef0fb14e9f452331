import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { Variables } from "../deploy/variables.ts";
import { digestId, newId } from "../ids.ts";
import type { House, ModalHandlers } from "./house.ts";
import { namedObject, objectMetadata, objectPage } from "./namedObject.ts";

type Names = "secretGetOrCreate" | "secretList" | "secretUpdate" | "secretDelete";

/** The handlers of secrets: environment variables of containers. Their values are files of the user alone (`VariableFiles`). */
export function secretHandlers(house: House): ModalHandlers<Names> {
  const { store, variables, deployments } = house;
  return {
    secretGetOrCreate: async ({ deploymentName, environmentName, objectCreationType, envDict, requiredKeys }) => {
      const secret = await namedObject(house, {
        kind: "st",
        environmentName,
        name: deploymentName,
        creationType: objectCreationType,
        make: () => {
          const content = keptVariables(house, envDict);
          return { objectId: deploymentName ? newId("st") : digestId("st", content.variables), content };
        },
      });
      const missing = requiredKeys.filter((key) => !secret.content.keys.includes(key));
      if (missing.length > 0) {
        throw new RpcError(
          RpcStatus.FAILED_PRECONDITION,
          `The secret ${deploymentName} lacks ${missing.join(", ")}; create it again with all its keys.`,
        );
      }
      return { secretId: secret.objectId, metadata: objectMetadata(secret) };
    },

    // Names only; nobody is told values.
    secretList: ({ environmentName, pagination }) => ({
      items: objectPage(house, "st", environmentName, pagination).map((secret) => ({
        label: secret.name ?? "",
        secretId: secret.objectId,
        createdAt: secret.createdAt,
        environmentName: secret.environment,
        metadata: objectMetadata(secret),
      })),
      environmentName,
    }),

    // Versions that are deployed already keep the values that they were deployed with.
    secretUpdate: async ({ secretId, updates }) => {
      const secret = store.objects.found("st", secretId);
      const values = new Map(Object.entries(variables.read(secret.content.variables) ?? {}));
      for (const { key, value } of updates) {
        if (value === undefined) values.delete(key);
        else values.set(key, value);
      }
      const content = keptVariables(house, Object.fromEntries(values));
      await store.database.write(() => store.objects.put({ ...secret, content }));
      deployments.forgetVariables();
      return {};
    },

    secretDelete: async ({ secretId }) => {
      const { objectId } = store.objects.found("st", secretId);
      await store.database.write(() => store.objects.delete(objectId));
      deployments.forgetVariables();
      return {};
    },
  };
}

function keptVariables({ variables }: House, values: Variables) {
  return { variables: variables.keep(values), keys: Object.keys(values) };
}
