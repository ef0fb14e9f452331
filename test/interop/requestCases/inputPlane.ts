import { collect } from "../../client/fakeModal.ts";
import type { RecordingServer } from "../recordingServer.ts";
import {
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
} from "./requestCase.ts";

const onInputPlane = (url: string, functionType: number = FunctionType.FUNCTION) =>
  functionAnswer(functionType, { inputPlaneUrl: url, inputPlaneRegion: "nl" });

const AWAIT = { attemptToken: "attempt-1", timeoutSecs: 55 };
const policy = { retries: 0 };

/** Functions with an input plane; here the same server is both planes. */
export const inputPlaneCases: readonly RequestCase[] = [
  {
    does: "remote on an input plane, with a lost attempt",
    answers: ({ url }) => ({
      ...onInputPlane(url),
      AttemptStart: { attemptToken: "attempt-1", retryPolicy: policy },
      AttemptAwait: [{ output: lostOutput() }, { output: output(FORTY_NINE) }],
      AttemptRetry: { attemptToken: "attempt-2" },
    }),
    act: (modal) => modal.functions.fromName("my-app", "square").remote([7]),
    returns: 49,
    sends: [
      GET_SQUARE,
      ["AttemptStart", { functionId: "fu-1", input: input(SEVEN) }],
      ["AttemptAwait", AWAIT],
      ["AttemptRetry", { functionId: "fu-1", input: input(SEVEN), attemptToken: "attempt-1" }],
      ["AttemptAwait", { ...AWAIT, attemptToken: "attempt-2" }],
    ],
  },
  {
    does: "remoteGen on an input plane",
    answers: ({ url }) => ({
      ...onInputPlane(url, FunctionType.GENERATOR),
      AttemptStart: { attemptToken: "attempt-1", retryPolicy: policy },
      // One item: `GeneratorDone.items_total`, field 1.
      AttemptAwait: { output: output(Buffer.from([0x08, 1]), 0, DataFormat.GENERATOR_DONE) },
      FunctionCallGetDataOut: [{ index: 1, data: FORTY_NINE, dataFormat: DataFormat.CBOR }],
    }),
    act: (modal) => collect(modal.functions.fromName("my-app", "square").remoteGen([7])),
    returns: [49],
    sendsAtOnce: true,
    sends: [
      GET_SQUARE,
      ["AttemptStart", { functionId: "fu-1", input: input(SEVEN) }],
      ["AttemptAwait", AWAIT],
      ["FunctionCallGetDataOut", { attemptToken: "attempt-1" }],
    ],
  },
  {
    does: "map on an input plane that lost an input",
    answers: ({ url }) => ({
      ...onInputPlane(url),
      MapStartOrContinue: [
        { functionCallId: "fc-1", mapToken: "map-1", attemptTokens: ["attempt-1"] },
        { functionCallId: "fc-1", mapToken: "map-1", attemptTokens: ["attempt-2"] },
      ],
      MapAwait: async (server: RecordingServer) => {
        await server.received("MapStartOrContinue", 2);
        return { outputs: [{ ...output(FORTY_NINE, 1), retryCount: 1 }], lastEntryId: "1-0" };
      },
      MapCheckInputs: { lost: [true] },
    }),
    act: (modal) => collect(modal.functions.fromName("my-app", "square").map([[7]])),
    returns: [49],
    sendsAtOnce: true,
    sends: [
      GET_SQUARE,
      ["MapStartOrContinue", { functionId: "fu-1", mapToken: "", items: [{ input: input(SEVEN, 1) }] }],
      ["MapAwait", { mapToken: "map-1", timeout: 55 }],
      ["MapCheckInputs", { attemptTokens: ["attempt-1"] }],
      [
        "MapStartOrContinue",
        { functionId: "fu-1", mapToken: "map-1", items: [{ input: input(SEVEN, 1), attemptToken: "attempt-1" }] },
      ],
    ],
  },
  {
    does: "map on an input plane, with a lost attempt",
    answers: ({ url }) => ({
      ...onInputPlane(url),
      MapStartOrContinue: [
        {
          functionId: "fu-1",
          functionCallId: "fc-1",
          mapToken: "map-1",
          attemptTokens: ["attempt-1", "attempt-2"],
          retryPolicy: policy,
        },
        { functionId: "fu-1", functionCallId: "fc-1", mapToken: "map-1", attemptTokens: ["attempt-3"] },
      ],
      MapAwait: [
        { outputs: [lostOutput(1), output(SIXTY_FOUR, 2)], lastEntryId: "2-0" },
        { outputs: [{ ...output(FORTY_NINE, 1), retryCount: 1 }], lastEntryId: "3-0" },
      ],
    }),
    act: (modal) => collect(modal.functions.fromName("my-app", "square").map([[7, 8]])),
    returns: [49, 64],
    sendsAtOnce: true,
    sends: [
      GET_SQUARE,
      [
        "MapStartOrContinue",
        { functionId: "fu-1", mapToken: "", items: [{ input: input(SEVEN, 1) }, { input: input(EIGHT, 2) }] },
      ],
      ["MapAwait", { mapToken: "map-1", timeout: 55 }],
      [
        "MapStartOrContinue",
        { functionId: "fu-1", mapToken: "map-1", items: [{ input: input(SEVEN, 1), attemptToken: "attempt-1" }] },
      ],
      ["MapAwait", { mapToken: "map-1", lastEntryId: "2-0", timeout: 55 }],
    ],
  },
];
