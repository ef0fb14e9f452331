// The client as a library: everything that may be used from outside this folder.

export { calledFunction } from "./calls/calledFunction.ts";
export type { CallGraphCall, CallGraphInput, CallGraphLists, InputInfo, InputStatus } from "./calls/callGraph.ts";
export type {
  FunctionCall,
  FunctionCallMetadata,
  GetOptions,
  IterOptions,
  WatchOptions,
} from "./calls/functionCall.ts";
export type { FunctionCallInfo, RunningInput } from "./calls/functionCallInfo.ts";
export type { FunctionCallService } from "./calls/functionCallService.ts";
export type { GeneratorItem, ItemOptions } from "./calls/generator.ts";
export type { Output, ResultStatus } from "./calls/output.ts";
export type { OutputBatch } from "./calls/outputs.ts";
export type { RecentInput, RecentInputStatus, RecentInputsOptions } from "./calls/recentInputs.ts";
export type { ClassParameter, ClassParameters } from "./classes/classParameters.ts";
export type { ClassService } from "./classes/classService.ts";
export type { Cls } from "./classes/cls.ts";
export type { ClsInstance } from "./classes/clsInstance.ts";
export { namedFunction } from "./classes/namedFunction.ts";
export type { ConfigOptions } from "./config/clientConfig.ts";
export type { ConfigSource } from "./config/configFile.ts";
export { type Profile, readProfiles } from "./config/profiles.ts";
export { DEFAULT_SERVER_URL } from "./config/settings.ts";
export * from "./errors.ts";
export type { AutoscalerConfiguration, AutoscalerSettings } from "./functions/autoscaler.ts";
export type { Batching, Concurrency, FunctionOptions, RetryPolicy } from "./functions/functionOptions.ts";
export type { FunctionSchema, ParameterTypeInfo } from "./functions/functionSchema.ts";
export type { FromNameOptions, FunctionService, SourceOptions } from "./functions/functionService.ts";
export type { FunctionStats } from "./functions/functionStats.ts";
export type { RemoteOptions } from "./functions/invocation.ts";
export type { FunctionMetrics, MetricPoint, MetricSeries, MetricsOptions } from "./functions/metrics.ts";
export type { ForEachOptions, ModalFunction } from "./functions/modalFunction.ts";
export type { Kwargs } from "./functions/positionalArguments.ts";
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
export { ModalClient, type ModalClientOptions } from "./modalClient.ts";
export type { DataFormatName } from "./payloads/payload.ts";
export { PythonException } from "./pickle/pythonException.ts";
export { Decimal, PythonObject } from "./pickle/pythonObject.ts";
export type {
  AppClass,
  AppDeployment,
  AppFunction,
  AppInfo,
  AppLifecycle,
  AppService,
  AppStateName,
} from "./workspace/apps.ts";
export type { ContainerInfo, ContainerService, ContainerState } from "./workspace/containers.ts";
export type { EnvironmentInfo, EnvironmentService } from "./workspace/environments.ts";
export type { TokenInfo, WorkspaceService } from "./workspace/workspace.ts";
