import * as l10n from "@vscode/l10n";
import type { CallRecord } from "../calls/callRecord.ts";
import { namedFunction } from "../client/index.ts";
import { parseArguments } from "../inputs/callArguments.ts";
import { fileAsInputs, type MapInputs, parseMapInputs, selectInputs, valuesAsInputs } from "../inputs/mapInputs.ts";
import { isRecord, textProperty } from "./argument.ts";
import { chooseFunction, type FunctionChoice } from "./choose/chooseFunction.ts";
import { askMapInputs, askParameters } from "./inputs/askInput.ts";
import type { FunctionSignature } from "./inputs/functionSignature.ts";
import {
  givenFile,
  givenIndexes,
  givenParameters,
  givenTexts,
  isEdited,
  type KeptInputs,
} from "./inputs/givenInputs.ts";
import { type MapSource, pickMapInputs } from "./inputs/pickMapInputs.ts";
import { signatureOf } from "./inputs/servedSignature.ts";
import { withCancellableProgress } from "./progress.ts";
import { reportError } from "./reportError.ts";
import type { Services } from "./services.ts";
import { followWithProgress, rememberCall, tellFailure } from "./startedCall.ts";

/**
 * *Map*: calls a function once per input and shows the panel, where results arrive. Goes on under a progress notification.
 *
 * @param argument what `chooseFunction` takes, with `inputs` (an array, or text as the user would type it) or `file` (JSON, JSON
 *   Lines, CSV or TSV), `shape` (see `InputShape`) or `star` (each input is a list of arguments), `indexes` (only these inputs),
 *   `parameters` of the class of a method, and `kwargs` of every input; the user is asked for what is missing, and with `edit` about
 *   what was given
 * @returns the function call's id, when the target has accepted all inputs
 */
export async function mapFunction(services: Services, argument: unknown): Promise<string | undefined> {
  const choice = await chooseFunction(services, argument);
  const request = choice && (await mapRequest(services, choice, argument));
  if (!choice || !request) return undefined;
  const { kept, ...sent } = request;
  const createdAt = Date.now();
  const functionCallId = await send(services, choice, sent);
  const record = await rememberCall(services, choice, { functionCallId, kind: "map", createdAt, ...kept });
  services.panels.show(record);
  follow(services, record).catch((error: unknown) => reportError(services.log, error));
  return functionCallId;
}

type Values = Readonly<Record<string, unknown>>;

interface MapRequest {
  readonly inputs: MapInputs;
  /** Of every input. */
  readonly kwargs: Values;
  /** Of the class of a method. */
  readonly parameters: Values;
  /** What of it is remembered. */
  readonly kept: KeptInputs;
}

async function mapRequest(
  services: Services,
  choice: FunctionChoice,
  argument: unknown,
): Promise<MapRequest | undefined> {
  const givenKwargs = isRecord(argument) && isRecord(argument.kwargs) ? argument.kwargs : {};
  if (isRecord(argument) && Array.isArray(argument.inputs)) {
    const inputs = valuesAsInputs(argument.inputs, argument.star === true ? "list" : "value");
    return { inputs, kwargs: givenKwargs, parameters: givenParameters(argument), kept: {} };
  }
  const given = await givenSource(argument);
  const signature = await signatureOf(services, choice);
  const asked = !given || isEdited(argument);
  const source = asked ? await askSource(services, choice, signature, given) : given;
  if (!source) return undefined;
  const keptText = source.parametersText ?? givenTexts(argument).parametersText;
  const texts = asked ? await askParameters(services, choice, signature, keptText) : { parametersText: keptText };
  if (!texts) return undefined;
  const { parametersText } = texts;
  const parameters = parametersText === undefined ? givenParameters(argument) : parseArguments(parametersText).kwargs;
  const inputIndexes = asked ? undefined : givenIndexes(argument);
  const all = inputsOf(source, signature);
  const inputs = inputIndexes ? selectInputs(all, inputIndexes) : all;
  const kwargs = { ...givenKwargs, ...source.kwargs };
  const kept = "text" in source ? { inputText: source.text } : { inputFile: source.file };
  // Without its keyword arguments, a map could not be made again.
  const isKept = Object.keys(kwargs).length === 0;
  return { inputs, kwargs, parameters, kept: isKept ? { ...kept, parametersText, inputIndexes } : {} };
}

async function givenSource(argument: unknown): Promise<MapSource | undefined> {
  const file = await givenFile(argument);
  if (file) return { file };
  const text = textProperty(argument, "inputs") ?? textProperty(argument, "inputText");
  return text === undefined ? undefined : { text };
}

async function askSource(
  services: Services,
  choice: FunctionChoice,
  signature: FunctionSignature,
  given: MapSource | undefined,
): Promise<MapSource | undefined> {
  if (!given || "file" in given) return pickMapInputs(services, choice, signature);
  const text = await askMapInputs(services, choice, signature, given.text);
  return text === undefined ? undefined : { text };
}

function inputsOf(source: MapSource, { fields = [] }: FunctionSignature): MapInputs {
  return "text" in source ? parseMapInputs(source.text) : fileAsInputs(source.file.path, source.file.shape, fields);
}

function send(
  { targets }: Services,
  choice: FunctionChoice,
  { inputs, kwargs, parameters }: Omit<MapRequest, "kept">,
): Thenable<string> {
  return withCancellableProgress(l10n.t`Sending inputs to ${choice.functionName}`, async ({ signal, report }) => {
    const modal = await targets.modal(choice);
    const onProgress = (numInputs: number) => {
      const { count } = inputs;
      report(count === undefined ? String(numInputs) : l10n.t`${numInputs} of ${count}`, count && numInputs / count);
    };
    const fn = namedFunction(modal, choice.appName, choice.functionName, parameters);
    const { functionCallId } = await fn.spawnMap(inputs.rows, { kwargs, signal, onProgress });
    return functionCallId;
  });
}

async function follow(services: Services, record: CallRecord): Promise<void> {
  const summary = await followWithProgress(services, record);
  tellFailure(services, record, summary, "");
}
