import { describeCounts, listedCounts } from "../calls/inputCounts.ts";
import {
  calledFunction,
  type FunctionCall,
  type ModalClient,
  type Output,
  OutputExpiredError,
  TimeoutError,
} from "../client/index.ts";
import { endWithNote, MAX_TEXT, valueForModel } from "./resultText.ts";

/** Which results of a call to read. */
export interface ResultPage {
  /** The first one, from 0. */
  readonly start: number;
  readonly count: number;
}

/** How long to wait for items of a generator that still runs. */
const ITEMS_PATIENCE_MS = 2_000;

/** A call that a report is made of. */
export interface ReportedCall {
  readonly call: FunctionCall;
  readonly functionName: string;
  readonly isGenerator: boolean;
}

/**
 * Finds a call by its id, and what it is of.
 *
 * @throws InvalidError when that is not a function call id
 * @throws NotFoundError the server does not know the call
 */
export async function findCall(modal: ModalClient, functionCallId: string): Promise<ReportedCall> {
  const call = modal.calls.fromId(functionCallId);
  const { appId, functionId } = await call.hydrate();
  const functions = await modal.apps.layout(appId);
  const called = await calledFunction(functions, functionId, call);
  return { call, functionName: called?.name ?? functionId, isGenerator: called?.isGenerator ?? false };
}

/** Resolves when a call has finished, with true, or when the time is over, with false. Rejects with the signal's reason. */
export async function finishedWithin(call: FunctionCall, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const time = AbortSignal.timeout(timeoutMs);
  try {
    for await (const batch of call.outputs({ signal: AbortSignal.any([time, signal]) })) {
      if (batch.outputs.length > 0 && batch.numUnfinishedInputs === 0) return true;
    }
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (time.aborted) return false;
    throw error;
  }
}

/** How a call stands, and a page of its results, as text for a model. */
export async function reportCall(reported: ReportedCall, page: ResultPage, signal: AbortSignal): Promise<string> {
  const { call, functionName, isGenerator } = reported;
  const info = await call.info();
  const isFinished = info.totalInputs > 0 && info.pendingInputs === 0;
  const status = isFinished ? "finished" : "unfinished";
  const headline = `Function call ${call.functionCallId} of ${functionName}: ${status}, inputs: ${describeCounts(listedCounts(info))}.`;
  const results = isGenerator
    ? await itemsOf(call, page, isFinished, signal)
    : await outputsOf(call, info.totalInputs, page, signal);
  return [headline, ...results].join("\n");
}

async function outputsOf(call: FunctionCall, total: number, { start, count }: ResultPage, signal: AbortSignal) {
  const end = Math.min(total, start + count);
  const indices = Array.from({ length: Math.max(0, end - start) }, (_, position) => start + position);
  const limit = Math.floor(MAX_TEXT / Math.max(1, indices.length));
  const rows = await Promise.all(
    indices.map(async (index) => `[${index}] ${await outputText(call, index, limit, signal)}`),
  );
  return [...rows, ...(end < total ? [`[There are ${total} results; go on with start=${end}.]`] : [])];
}

async function outputText(call: FunctionCall, index: number, limit: number, signal: AbortSignal): Promise<string> {
  try {
    return finishedText(await (await call.output(index)).load(signal), limit);
  } catch (error) {
    if (error instanceof OutputExpiredError || !(error instanceof TimeoutError)) throw error;
    return "unfinished";
  }
}

function finishedText(output: Output, limit: number): string {
  const error = output.error();
  if (!error) return valueForModel(output.value(), limit);
  const traceback = output.traceback === "" ? "" : `\n${endWithNote(output.traceback, limit)}`;
  return `failed (${output.status}): ${valueForModel(error.message, limit)}${traceback}`;
}

/** What a generator has yielded by now; one that still runs is waited for a little. */
async function itemsOf(
  call: FunctionCall,
  { start, count }: ResultPage,
  isFinished: boolean,
  signal: AbortSignal,
): Promise<string[]> {
  const time = isFinished ? new AbortController().signal : AbortSignal.timeout(ITEMS_PATIENCE_MS);
  const limit = Math.floor(MAX_TEXT / count);
  const rows: string[] = [];
  try {
    for await (const item of call.items({ skip: start, signal: AbortSignal.any([time, signal]) })) {
      if (rows.length === count) return [...rows, `[There are more items; go on with start=${item.index}.]`];
      rows.push(`[item ${item.index}] ${valueForModel((await item.load(signal)).value(), limit)}`);
    }
    return rows.length > 0 ? rows : ["[There are no items from here on.]"];
  } catch (error) {
    signal.throwIfAborted();
    if (time.aborted) return [...rows, `[No more items yet; go on with start=${start + rows.length}.]`];
    const output = await call.output(0);
    if (output.status === "SUCCESS") throw error;
    return [...rows, finishedText(output, MAX_TEXT)];
  }
}
