import { createHash } from "node:crypto";
import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  AppState,
  Function_DefinitionType as DefinitionType,
  type FunctionSchema$,
  Function_FunctionType as FunctionType,
  ObjectCreationType,
} from "../../src/proto/gen/modal_pb.js";
import type { EngineHarness } from "./engineHarness.ts";

type Service = ReturnType<EngineHarness["service"]>;

/** An app as Modal's clients make one: step by step, from files that they upload. */
export interface UploadedApp {
  readonly name: string;
  /** Sources by their paths in containers. */
  readonly files: Readonly<Record<string, string>>;
  readonly functions: readonly MessageInitShape<typeof FunctionSchema$>[];
  readonly state?: AppState;
}

/** Uploads files as a mount, and returns its id. */
export async function upload(service: Service, appId: string, files: UploadedApp["files"]): Promise<string> {
  const mounted = [];
  for (const [filename, source] of Object.entries(files)) {
    const data = Buffer.from(source);
    const sha256Hex = createHash("sha256").update(data).digest("hex");
    await service.mountPutFile({ sha256Hex, dataOneof: { case: "data", value: data } });
    mounted.push({ filename, sha256Hex });
  }
  const objectCreationType = ObjectCreationType.ANONYMOUS_OWNED_BY_APP;
  return (await service.mountGetOrCreate({ appId, objectCreationType, files: mounted })).mountId;
}

/** Makes an app and publishes it; deployed, unless it is given another state. */
export async function publish(service: Service, { name, files, functions, state = AppState.DEPLOYED }: UploadedApp) {
  const appState = state === AppState.DEPLOYED ? AppState.INITIALIZING : state;
  const { appId } = await service.appCreate({ description: name, appState });
  const mountId = await upload(service, appId, files);
  const functionIds: Record<string, string> = {};
  const definitionIds: Record<string, string> = {};
  for (const given of functions) {
    const defaults = { definitionType: DefinitionType.FILE, functionType: FunctionType.FUNCTION, mountIds: [mountId] };
    const { functionId, handleMetadata } = await service.functionCreate({ appId, function: { ...defaults, ...given } });
    functionIds[given.functionName ?? ""] = functionId;
    definitionIds[functionId] = handleMetadata?.definitionId ?? "";
  }
  const published = await service.appPublish({ appId, name, appState: state, functionIds, definitionIds });
  return { appId, functionIds, definitionIds, ...published };
}
