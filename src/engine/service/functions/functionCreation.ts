import type { FunctionCreateRequest, Function as FunctionMessage } from "../../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../../proto/grpc/rpcError.ts";
import { definitionFromMessage } from "../../deploy/functionMessage.ts";
import { theApp } from "../apps/apps.ts";
import type { House, ModalHandlers } from "../house.ts";
import { classIdOf } from "./classes.ts";
import { functionMetadata } from "./functionMetadata.ts";

type Names = "functionPrecreate" | "functionCreate" | "classCreate";

/** The handlers of functions and classes that Modal's clients define: what they define is live when they publish it. */
export function functionCreationHandlers(house: House): ModalHandlers<Names> {
  const { store } = house;
  return {
    functionPrecreate: async ({ appId, functionName, existingFunctionId }) => {
      const functionId = await functionNamed(house, appId, functionName, existingFunctionId);
      return { functionId };
    },

    functionCreate: async (request) => {
      const message = messageOf(request);
      refuseCluster(message);
      const { appId, existingFunctionId } = request;
      const functionId = await functionNamed(house, appId, message.functionName, existingFunctionId);
      const createdAt = Date.now() / 1_000;
      const definitionId = await store.database.write(() => store.definitions.add(functionId, message, createdAt));
      const handleMetadata = functionMetadata(house, appId, definitionFromMessage(message, definitionId));
      return { functionId, function: message, handleMetadata };
    },

    // A class is its one function, which has been made before it.
    classCreate: ({ appId, existingClassId }) => {
      const services = store.apps.functions(theApp(house, appId).appId).filter(({ name }) => name.endsWith(".*"));
      const service = services.find(({ functionId }) => classIdOf(functionId) === existingClassId) ?? services.at(-1);
      if (!service)
        throw new RpcError(RpcStatus.FAILED_PRECONDITION, "The app has no class; create its function first.");
      return { classId: classIdOf(service.functionId) };
    },
  };
}

/** @throws RpcError FAILED_PRECONDITION for a function whose containers are to work together */
function refuseCluster({ functionName, ExperimentalGroupSize: size }: FunctionMessage): void {
  if (size === 0) return;
  throw new RpcError(
    RpcStatus.FAILED_PRECONDITION,
    `${functionName} is for a cluster of ${size} containers, which the local engine does not form; deploy it without \`clustered\`, or to Modal's cloud.`,
  );
}

/** @throws RpcError INVALID_ARGUMENT for a request without a definition */
function messageOf({ function: single, functionData }: FunctionCreateRequest): FunctionMessage {
  // Of functions that may run on several kinds of GPU, each has the whole definition.
  const message = single ?? functionData?.rankedFunctions[0]?.function;
  if (message?.functionName) return message;
  throw new RpcError(RpcStatus.INVALID_ARGUMENT, "The function has no definition with a name.");
}

/** The id of an app's function; made where there is none of that name. */
async function functionNamed(house: House, appId: string, name: string, existingId: string): Promise<string> {
  const { store } = house;
  const app = theApp(house, appId);
  if (app.stoppedAt !== undefined) {
    throw new RpcError(RpcStatus.FAILED_PRECONDITION, `The app ${app.name} is stopped; deploy it again.`);
  }
  if (!name) throw new RpcError(RpcStatus.INVALID_ARGUMENT, "The function has no name.");
  const existing = existingId ? store.apps.function(existingId) : undefined;
  if (existingId && (existing?.appId !== appId || existing.name !== name)) {
    throw new RpcError(RpcStatus.NOT_FOUND, `The app ${app.name} has no function ${name} with the id ${existingId}.`);
  }
  return existing?.functionId ?? store.database.write(() => store.apps.addFunction(appId, name));
}
