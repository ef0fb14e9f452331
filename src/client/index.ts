// The client as a library: everything that may be used from outside this folder.

export type { AppDeployment, AppFunction, AppInfo, AppService, AppStateName, DeployedApp } from "./apps.ts";
export type { AutoscalerConfiguration, AutoscalerSettings } from "./autoscaler.ts";
export type { InputInfo, InputStatus } from "./callGraph.ts";
export type { ConfigOptions } from "./config/clientConfig.ts";
export type { ConfigSource } from "./config/configFile.ts";
export { type Profile, readProfiles } from "./config/profiles.ts";
export type { ContainerInfo, ContainerService } from "./containers.ts";
export * from "./errors.ts";
export type { FunctionCall, FunctionCallMetadata, GetOptions, WatchOptions } from "./functionCall.ts";
export type { FunctionCallInfo, FunctionCallService } from "./functionCallService.ts";
export type { Kwargs } from "./functionInput.ts";
export type { FunctionSchema, ParameterTypeInfo } from "./functionSchema.ts";
export type { FromNameOptions, FunctionService } from "./functionService.ts";
export type { FunctionStats } from "./functionStats.ts";
export type { GeneratorItem, ItemOptions } from "./generator.ts";
export type { RemoteOptions } from "./invocation.ts";
export type { LogEntry, LogOptions } from "./logs.ts";
export type { MapOptions } from "./map.ts";
export type { InputRow, InputSource } from "./mapRows.ts";
export { ModalClient, type ModalClientOptions } from "./modalClient.ts";
export type { ForEachOptions, ModalFunction } from "./modalFunction.ts";
export type { Output, ResultStatus } from "./output.ts";
export type { OutputBatch } from "./outputs.ts";
export type { DataFormatName } from "./payload.ts";
export { PythonException } from "./pickle/pythonException.ts";
export { Decimal, PythonObject } from "./pickle/pythonObject.ts";
export type { SpawnMapOptions } from "./spawnMap.ts";
