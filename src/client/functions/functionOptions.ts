import type { MessageInitShape } from "@bufbuild/protobuf";
import type { FunctionOptionsSchema } from "../../proto/gen/modal_pb.js";
import { InvalidError } from "../errors.ts";

/** When an input that failed is run again. */
export interface RetryPolicy {
  readonly maxRetries: number;
  /** What each wait is multiplied by, from 1 to 10. Default: 2. */
  readonly backoffCoefficient?: number;
  /** The wait before the first retry, at most a minute. Default: a second. */
  readonly initialDelayMs?: number;
  /** The longest wait, from a second to a minute. Default: a minute. */
  readonly maxDelayMs?: number;
}

/** Settings that take the place of those of the deployment. What is left out stays as it was deployed. */
export interface FunctionOptions {
  /** How long an input may run; whole seconds. */
  readonly timeoutMs?: number;
  /** A policy, or how often a failed input is run again, each time after a second. */
  readonly retries?: number | RetryPolicy;
  readonly maxContainers?: number;
  /** Containers beyond those that the inputs need, while there are inputs. */
  readonly bufferContainers?: number;
  /** How long an idle container waits for another input; whole seconds. */
  readonly scaledownWindowMs?: number;
  /** A cloud provider, such as `aws`; Modal's servers only. */
  readonly cloud?: string;
  /** The region that inputs and results go through; Modal's servers only. */
  readonly routingRegion?: string;
}

/** How many inputs a container runs at once. */
export interface Concurrency {
  readonly maxInputs: number;
  /** How many it should rather run, so that there is room for more. */
  readonly targetInputs?: number;
}

/** How inputs are collected for a function that takes lists. */
export interface Batching {
  readonly maxBatchSize: number;
  /** How long an input waits for others. */
  readonly waitMs: number;
}

/** Settings as the server takes them: the fields that are set. */
export type OptionsMessage = Extract<MessageInitShape<typeof FunctionOptionsSchema>, { readonly $typeName?: never }>;

/** @throws InvalidError for a setting that makes no sense */
export function optionsMessage(options: FunctionOptions): OptionsMessage {
  const { timeoutMs, retries, maxContainers, bufferContainers, scaledownWindowMs, cloud, routingRegion } = options;
  return given({
    timeoutSecs: seconds("timeoutMs", timeoutMs),
    retryPolicy: retries === undefined ? undefined : retryPolicy(retries),
    concurrencyLimit: whole("maxContainers", maxContainers, 1),
    bufferContainers: whole("bufferContainers", bufferContainers, 0),
    taskIdleTimeoutSecs: seconds("scaledownWindowMs", scaledownWindowMs),
    cloudProviderStr: cloud,
    routingRegion,
  });
}

/** @throws InvalidError for numbers that make no sense */
export function concurrencyMessage({ maxInputs, targetInputs }: Concurrency): OptionsMessage {
  if (targetInputs !== undefined && targetInputs > maxInputs) {
    throw new InvalidError(`targetInputs (${targetInputs}) is larger than maxInputs (${maxInputs}); lower it.`);
  }
  return given({
    maxConcurrentInputs: whole("maxInputs", maxInputs, 1),
    targetConcurrentInputs: whole("targetInputs", targetInputs, 1),
  });
}

/** @throws InvalidError for numbers that make no sense */
export function batchingMessage({ maxBatchSize, waitMs }: Batching): OptionsMessage {
  const lingerMs = whole("waitMs", waitMs, 0);
  return given({
    batchMaxSize: whole("maxBatchSize", maxBatchSize, 1),
    batchLingerMs: lingerMs === undefined ? undefined : BigInt(lingerMs),
  });
}

/** As Modal's Python client reads and limits them (`modal/retries.py`). */
function retryPolicy(retries: number | RetryPolicy): NonNullable<OptionsMessage["retryPolicy"]> {
  const policy = typeof retries === "number" ? { maxRetries: retries, backoffCoefficient: 1 } : retries;
  const { backoffCoefficient = 2, initialDelayMs = 1_000, maxDelayMs = 60_000 } = policy;
  between("backoffCoefficient", backoffCoefficient, 1, 10);
  between("initialDelayMs", initialDelayMs, 0, 60_000);
  between("maxDelayMs", maxDelayMs, 1_000, 60_000);
  return { retries: whole("retries", policy.maxRetries, 0) ?? 0, backoffCoefficient, initialDelayMs, maxDelayMs };
}

function given(message: { [Field in keyof OptionsMessage]: OptionsMessage[Field] | undefined }): OptionsMessage {
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined)) as OptionsMessage;
}

function seconds(name: string, milliseconds: number | undefined): number | undefined {
  if (milliseconds === undefined) return undefined;
  if (Number.isInteger(milliseconds / 1_000) && milliseconds > 0) return milliseconds / 1_000;
  throw new InvalidError(
    `${name} must be whole seconds above 0, in milliseconds, such as 60000; it is ${milliseconds}.`,
  );
}

function whole(name: string, value: number | undefined, least: number): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= 0xffff_ffff)) return value;
  throw new InvalidError(`${name} must be a whole number from ${least}; it is ${value}.`);
}

function between(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new InvalidError(`${name} must be a number from ${least} to ${most}; it is ${value}.`);
}
