import { collect } from "../../client/fakeModal.ts";
import {
  acceptedInput,
  DataFormat,
  EIGHT,
  FORTY_NINE,
  FunctionType,
  functionAnswer,
  GET_SQUARE,
  input,
  lostOutput,
  output,
  type RequestCase,
  SEVEN,
  SIXTY_FOUR,
  SQUARE,
} from "./requestCase.ts";

const START = {
  functionId: "fu-1",
  functionCallType: "FUNCTION_CALL_TYPE_UNARY",
  functionCallInvocationType: "FUNCTION_CALL_INVOCATION_TYPE_SYNC",
  pipelinedInputs: [input(SEVEN)],
};
const START_MAP = {
  ...START,
  functionCallType: "FUNCTION_CALL_TYPE_MAP",
  pipelinedInputs: [input(SEVEN), input(EIGHT, 1)],
};
const STARTED = { functionCallId: "fc-1", pipelinedInputs: [acceptedInput(0)] };
const STARTED_MAP = { functionCallId: "fc-1", pipelinedInputs: [acceptedInput(0), acceptedInput(1)] };
const GET_FIRST = { functionCallId: "fc-1", timeout: 55, lastEntryId: "0-0", startIdx: 0, endIdx: 0 };

const square: RequestCase = {
  does: "remote",
  answers: { ...SQUARE, FunctionMap: STARTED, FunctionGetOutputs: { outputs: [output(FORTY_NINE)] } },
  act: (modal) => modal.functions.fromName("my-app", "square").remote([7]),
  returns: 49,
  sends: [GET_SQUARE, ["FunctionMap", START], ["FunctionGetOutputs", { ...GET_FIRST, clearOnSuccess: true }]],
};

/** A generator's end says how many items there are: `GeneratorDone.items_total`, field 1. */
const TWO_ITEMS = Buffer.from([0x08, 2]);
const chunk = (index: number, data: Uint8Array) => ({ index, data, dataFormat: DataFormat.CBOR });

/** One call with one input. */
export const callCases: readonly RequestCase[] = [
  square,
  {
    ...square,
    does: "remote on a server that takes no inputs with a call",
    answers: { ...square.answers, FunctionMap: { functionCallId: "fc-1" } },
    sends: [
      GET_SQUARE,
      ["FunctionMap", START],
      ["FunctionPutInputs", { functionId: "fu-1", functionCallId: "fc-1", inputs: [input(SEVEN)] }],
      ["FunctionGetOutputs", { ...GET_FIRST, clearOnSuccess: true }],
    ],
  },
  {
    ...square,
    does: "remote with keyword arguments, in another environment and version",
    act: (modal) =>
      modal.functions.fromName("my-app", "square", { environmentName: "prod", version: 3 }).remote([], { x: 7 }),
    sends: [
      ["FunctionGet", { appName: "my-app", objectTag: "square", environmentName: "prod", appVersion: 3 }],
      // [[], {"x": 7}]
      ["FunctionMap", { ...START, pipelinedInputs: [input(Buffer.from("8280a1617807", "hex").toString("base64"))] }],
      ["FunctionGetOutputs", { ...GET_FIRST, clearOnSuccess: true }],
    ],
  },
  {
    ...square,
    does: "remote with a retry, which the server leaves to clients",
    answers: {
      ...square.answers,
      FunctionMap: {
        ...STARTED,
        functionCallJwt: "call-jwt",
        syncClientRetriesEnabled: true,
        retryPolicy: { retries: 1, initialDelayMs: 1_000, backoffCoefficient: 1 },
      },
      FunctionGetOutputs: [{ outputs: [lostOutput()] }, { outputs: [output(FORTY_NINE)] }],
    },
    sends: [
      GET_SQUARE,
      ["FunctionMap", START],
      ["FunctionGetOutputs", { ...GET_FIRST, clearOnSuccess: true, inputJwts: ["jwt-0"] }],
      ["FunctionRetryInputs", { functionCallJwt: "call-jwt", inputs: [{ ...input(SEVEN), inputJwt: "jwt-0" }] }],
      ["FunctionGetOutputs", { ...GET_FIRST, clearOnSuccess: true, inputJwts: ["jwt-0"] }],
    ],
  },
  {
    does: "spawn",
    answers: { ...SQUARE, FunctionMap: STARTED },
    act: async (modal) => (await modal.functions.fromName("my-app", "square").spawn([7])).functionCallId,
    returns: "fc-1",
    sends: [
      GET_SQUARE,
      ["FunctionMap", { ...START, functionCallInvocationType: "FUNCTION_CALL_INVOCATION_TYPE_ASYNC" }],
    ],
  },
  {
    does: "remoteGen",
    answers: {
      ...functionAnswer(FunctionType.GENERATOR),
      FunctionMap: STARTED,
      FunctionGetOutputs: { outputs: [output(TWO_ITEMS, 0, DataFormat.GENERATOR_DONE)] },
      FunctionCallGetDataOut: [chunk(1, FORTY_NINE), chunk(2, SIXTY_FOUR)],
    },
    act: (modal) => collect(modal.functions.fromName("my-app", "square").remoteGen([7])),
    returns: [49, 64],
    sends: [
      GET_SQUARE,
      ["FunctionMap", { ...START, functionCallInvocationType: "FUNCTION_CALL_INVOCATION_TYPE_SYNC_LEGACY" }],
      ["FunctionGetOutputs", GET_FIRST],
      ["FunctionCallGetDataOut", { functionCallId: "fc-1" }],
    ],
  },
];

/** Calls with many inputs. */
export const mapCases: readonly RequestCase[] = [
  {
    does: "map",
    answers: {
      ...SQUARE,
      FunctionMap: STARTED_MAP,
      FunctionGetOutputs: { outputs: [output(SIXTY_FOUR, 1), output(FORTY_NINE)], lastEntryId: "2-0" },
    },
    act: (modal) => collect(modal.functions.fromName("my-app", "square").map([[7, 8]])),
    returns: [49, 64],
    sends: [
      GET_SQUARE,
      ["FunctionMap", START_MAP],
      ["FunctionGetOutputs", { functionCallId: "fc-1", timeout: 55, lastEntryId: "0-0" }],
      // Says that nobody will ask for these outputs again.
      ["FunctionGetOutputs", { functionCallId: "fc-1", maxValues: 1, lastEntryId: "0-0", clearOnSuccess: true }],
    ],
  },
  {
    does: "spawnMap",
    answers: { ...SQUARE, FunctionMap: STARTED_MAP },
    act: async (modal) => (await modal.functions.fromName("my-app", "square").spawnMap([[7], [8]])).functionCallId,
    returns: "fc-1",
    sends: [
      GET_SQUARE,
      [
        "FunctionMap",
        { ...START_MAP, functionCallInvocationType: "FUNCTION_CALL_INVOCATION_TYPE_ASYNC", returnExceptions: true },
      ],
      ["FunctionFinishInputs", { functionId: "fu-1", functionCallId: "fc-1", numInputs: 2 }],
    ],
  },
];
