import {
  type AppPublishRequest,
  AppState,
  type Function as FunctionMessage,
  Warning_WarningType as WarningType,
} from "../../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../../proto/grpc/rpcError.ts";
import { missingPackages } from "../../deploy/missingPackages.ts";
import { describeMounted, type PublishedFunction } from "../../deploy/mountedApp.ts";
import { describePublished } from "../../deploy/publishedApp.ts";
import { mountedFiles } from "../../mounts/mountedFiles.ts";
import type { AppRecord, AppRun } from "../../store/appStore.ts";
import type { House, ModalHandlers } from "../house.ts";
import { theApp, WHERE_APPS_ARE_SEEN } from "./apps.ts";
import { DEFAULT_PYTHON } from "./deployFile.ts";

/** The handler that makes what Modal's clients have defined a live version of their app. */
export function appPublishingHandlers(house: House): ModalHandlers<"appPublish"> {
  const { deployments, scheduler, web, runs } = house;
  return {
    appPublish: async (request, { metadata }) => {
      const app = theApp(house, request.appId);
      if (app.stoppedAt !== undefined) {
        throw new RpcError(RpcStatus.FAILED_PRECONDITION, `The app ${app.name} is stopped; deploy it again.`);
      }
      runs.heard(app.appId); // To import its modules may take longer than nobody may attend it.
      const run = runOf(app, request.appState);
      const name = request.name || app.name;
      const client = house.clients.of(metadata("x-modal-token-id"));
      const python = client?.python ?? (app.python || DEFAULT_PYTHON);
      const functions = publishedFunctions(house, app, request);
      const messages = functions.map(({ message }) => message);
      const tree = house.mounts.layOut(
        mountedFiles(
          house.store.objects,
          messages.flatMap(({ mountIds }) => mountIds),
        ),
      );
      const mounted = { name, functions, ...tree };
      const found = client?.package ?? (await house.runtimes.of(python));
      const description = found
        ? await describePublished(mounted, { ...found, python, deployedPath: client?.path }, house.pythonFolders)
        : await describeMounted(mounted, python, house.pythonFolders);
      const version = deployments.publish(app, description, python, run);
      client?.published.push(version);
      if (!version.unchanged) {
        if (!run) runs.deployed(app.appId);
        await web.appDeployed(version.app);
        scheduler.appDeployed(version.app);
      }
      return {
        url: WHERE_APPS_ARE_SEEN,
        // No time: clients say then that nothing has changed.
        deployedAt: version.unchanged ? 0 : version.app.deployedAt,
        serverWarnings: [...(await warnings(house, messages, python)), ...volumeWarnings(house, version.app)],
      };
    },
  };
}

/** @throws RpcError INVALID_ARGUMENT for a state that nobody can publish */
function runOf({ run }: AppRecord, state: AppState): AppRun | undefined {
  switch (state) {
    case AppState.DEPLOYED:
      return undefined;
    case AppState.EPHEMERAL:
      return "attended";
    case AppState.DETACHED:
      return "detached";
    case AppState.UNSPECIFIED: // The state that it has; `modal serve` says so when files have changed.
      return run === "initializing" ? "attended" : run;
    default:
      throw new RpcError(RpcStatus.INVALID_ARGUMENT, `An app cannot be published as ${AppState[state] ?? state}.`);
  }
}

/** @throws RpcError NOT_FOUND for a function that the app does not have, FAILED_PRECONDITION for one without a definition */
function publishedFunctions(house: House, app: AppRecord, request: AppPublishRequest): PublishedFunction[] {
  const { functionIds, definitionIds } = request;
  const { definitions, apps } = house.store;
  return Object.entries(functionIds).map(([name, functionId]) => {
    const record = apps.function(functionId);
    if (record?.appId !== app.appId || record.name !== name) {
      throw new RpcError(RpcStatus.NOT_FOUND, `The app ${app.name} has no function ${name} with the id ${functionId}.`);
    }
    const definitionId = definitionIds[functionId] ?? "";
    const definition = definitions.get(definitionId);
    if (definition?.functionId !== functionId) {
      throw new RpcError(
        RpcStatus.FAILED_PRECONDITION,
        `${name} was not defined; create the function before the app is published.`,
      );
    }
    return { name, definitionId, message: definition.message, variables: variablesOf(house, definition.message) };
  });
}

/** The name of the variables of all its secrets; of two with the same name the later counts. */
function variablesOf({ store, variables }: House, { functionName, secretIds }: FunctionMessage): string | undefined {
  const given = secretIds.map((secretId) => {
    const secret = store.objects.get("st", secretId);
    const values = secret && variables.read(secret.content.variables);
    if (values) return values;
    throw new RpcError(
      RpcStatus.NOT_FOUND,
      `The secret ${secretId} of ${functionName} is no longer here; create it again.`,
    );
  });
  return given.length === 0 ? undefined : variables.keep(Object.assign({}, ...given));
}

async function warnings(house: House, messages: readonly FunctionMessage[], python: string) {
  const imageIds = new Set(messages.map(({ imageId }) => imageId));
  const packages = [...imageIds].flatMap((imageId) => house.store.objects.get("im", imageId)?.content.packages ?? []);
  const missing = await missingPackages([...new Set(packages)], python, house.pythonFolders);
  if (missing.length === 0) return [];
  const names = missing.join(" ");
  const message = `Functions run in this machine's ${python}, which lacks what their images ask for: ${missing.join(", ")}. Install it with \`${python} -m pip install ${names}\`.`;
  return [{ type: WarningType.FUNCTION_CONFIGURATION, message }];
}

function volumeWarnings({ deployments }: House, { definition }: AppRecord) {
  const said = definition.functions.flatMap((one) => deployments.volumeWarnings(one).map(({ warning }) => warning));
  return [...new Set(said)].map((message) => ({ type: WarningType.FUNCTION_CONFIGURATION, message }));
}
