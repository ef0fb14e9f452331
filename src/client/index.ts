// The client as a library: everything that may be used from outside this folder.

export type {
  AppClass,
  AppDeployment,
  AppFunction,
  AppInfo,
  AppLifecycle,
  AppService,
  AppStateName,
} from "./apps.ts";
export type { AutoscalerConfiguration, AutoscalerSettings } from "./autoscaler.ts";
export { calledFunction } from "./calledFunction.ts";
export type { InputInfo, InputStatus } from "./callGraph.ts";
export type { ClassParameter, ClassParameters } from "./classes/classParameters.ts";
export type { ClassService } from "./classes/classService.ts";
export type { Cls } from "./classes/cls.ts";
export type { ClsInstance } from "./classes/clsInstance.ts";
export type { Batching, Concurrency, FunctionOptions, RetryPolicy } from "./classes/functionOptions.ts";
export { namedFunction } from "./classes/namedFunction.ts";
export type { ConfigOptions } from "./config/clientConfig.ts";
export type { ConfigSource } from "./config/configFile.ts";
export { type Profile, readProfiles } from "./config/profiles.ts";
export type { ContainerInfo, ContainerService, ContainerState } from "./containers.ts";
export type { EnvironmentInfo, EnvironmentService } from "./environments.ts";
export * from "./errors.ts";
export type { FunctionCall, FunctionCallMetadata, GetOptions, IterOptions, WatchOptions } from "./functionCall.ts";
export type { FunctionCallInfo } from "./functionCallInfo.ts";
export type { FunctionCallService } from "./functionCallService.ts";
export type { Kwargs } from "./functionInput.ts";
export type { FunctionSchema, ParameterTypeInfo } from "./functionSchema.ts";
export type { FromNameOptions, FunctionService, SourceOptions } from "./functionService.ts";
export type { FunctionStats } from "./functionStats.ts";
export type { GeneratorItem, ItemOptions } from "./generator.ts";
export type { RemoteOptions } from "./invocation.ts";
export type { FunctionSource } from "./local/functionSource.ts";
export type { LocalAnswer } from "./local/localCall.ts";
export { LocalFunction, type LocalFunctionOptions } from "./local/localFunction.ts";
export type { LocalLog, LocalOptions } from "./local/pythonProcess.ts";
export type { CallLogOptions, FunctionCallLogs } from "./logs/callLogs.ts";
export type { LogEntry, LogFilter, LogSource } from "./logs/logEntry.ts";
export type { LogCount, LogCountOptions, LogFetchOptions, LogTailOptions } from "./logs/logFetch.ts";
export type { LogService } from "./logs/logService.ts";
export type { LogStreamOptions } from "./logs/logStream.ts";
export type { MapOptions } from "./map/map.ts";
export type { InputRow, InputSource } from "./map/mapRows.ts";
export type { SpawnMapOptions } from "./map/spawnMap.ts";
export type { FunctionMetrics, MetricPoint, MetricSeries, MetricsOptions } from "./metrics.ts";
export { ModalClient, type ModalClientOptions } from "./modalClient.ts";
export type { ForEachOptions, ModalFunction } from "./modalFunction.ts";
export type { Output, ResultStatus } from "./output.ts";
export type { OutputBatch } from "./outputs.ts";
export type { DataFormatName } from "./payload.ts";
export { PythonException } from "./pickle/pythonException.ts";
export { Decimal, PythonObject } from "./pickle/pythonObject.ts";
export type { RecentInput, RecentInputStatus, RecentInputsOptions } from "./recentInputs.ts";
export type { TokenInfo, WorkspaceService } from "./workspace.ts";
