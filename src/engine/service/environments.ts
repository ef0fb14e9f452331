import type { MessageInitShape } from "@bufbuild/protobuf";
import { type EnvironmentGetOrCreateResponseSchema, ObjectCreationType } from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { EnvironmentRecord } from "../store/environmentStore.ts";
import { environmentNamed, type House, type ModalHandlers } from "./house.ts";

/** Modal's rule for the names of environments. */
const NAME = /^(?!en-)[a-z0-9][a-z0-9_.-]{0,63}$/i;

/** Modal's clients refuse to deploy without one that they know (protocol 1.3); nothing is built by it. */
const IMAGE_BUILDER_VERSION = "2025.06";

/** The handlers of environments. */
export function environmentHandlers({ store }: House): ModalHandlers<"environmentList" | "environmentGetOrCreate"> {
  const { environments } = store;
  return {
    environmentList: () => ({
      items: environments.list().map(({ name, environmentId, createdAt }) => ({
        name,
        environmentId,
        createdAt,
        default: name === environmentNamed(""),
      })),
    }),

    environmentGetOrCreate: async ({ deploymentName, objectCreationType }) => {
      const name = environmentNamed(deploymentName);
      const existing = environments.get(name);
      if (existing) {
        if (objectCreationType !== ObjectCreationType.CREATE_FAIL_IF_EXISTS) return answer(existing);
        throw new RpcError(RpcStatus.ALREADY_EXISTS, `There is an environment ${name} already.`);
      }
      if (objectCreationType === ObjectCreationType.UNSPECIFIED) {
        const names = environments.list().map((environment) => environment.name);
        throw new RpcError(RpcStatus.NOT_FOUND, `There is no environment ${name}; there are: ${names.join(", ")}.`);
      }
      if (!NAME.test(name)) {
        throw new RpcError(
          RpcStatus.INVALID_ARGUMENT,
          `"${name}" cannot name an environment; write up to 64 letters, digits, dashes, dots and underscores, and no en- in front.`,
        );
      }
      await store.database.write(() => environments.add(name, Date.now() / 1_000));
      return answer(environments.get(name));
    },
  };
}

function answer(
  environment: EnvironmentRecord | undefined,
): MessageInitShape<typeof EnvironmentGetOrCreateResponseSchema> {
  const { name = "", environmentId = "" } = environment ?? {};
  return { environmentId, metadata: { name, settings: { imageBuilderVersion: IMAGE_BUILDER_VERSION } } };
}
