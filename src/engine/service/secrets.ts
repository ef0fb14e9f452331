import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import { digestId, newId } from "../ids.ts";
import type { House, ModalHandlers } from "./house.ts";
import { namedObject } from "./namedObject.ts";
import { userName } from "./workspace.ts";

/** The handlers of secrets: environment variables of containers. Their values are files of the user alone (`VariableFiles`). */
export function secretHandlers(house: House): ModalHandlers<"secretGetOrCreate"> {
  return {
    secretGetOrCreate: async ({ deploymentName, environmentName, objectCreationType, envDict, requiredKeys }) => {
      const { objectId, content, createdAt } = await namedObject(house, {
        kind: "st",
        environmentName,
        name: deploymentName,
        creationType: objectCreationType,
        make: () => {
          const variables = house.variables.keep(envDict);
          return {
            objectId: deploymentName ? newId("st") : digestId("st", variables),
            content: { variables, keys: Object.keys(envDict) },
          };
        },
      });
      const missing = requiredKeys.filter((key) => !content.keys.includes(key));
      if (missing.length > 0) {
        throw new RpcError(
          RpcStatus.FAILED_PRECONDITION,
          `The secret ${deploymentName} lacks ${missing.join(", ")}; create it again with all its keys.`,
        );
      }
      return {
        secretId: objectId,
        metadata: { name: deploymentName, creationInfo: { createdAt, createdBy: userName() } },
      };
    },
  };
}
