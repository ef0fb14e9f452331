import { DataFormat, FunctionType, GET_SQUARE, type RequestCase, SQUARE } from "./requestCase.ts";

/** Functions themselves. */
export const functionCases: readonly RequestCase[] = [
  {
    does: "getCurrentStats",
    answers: {
      FunctionGetCurrentStats: { backlog: 4, numTotalTasks: 3, numRunningInputs: 2, inputHeadroom: 1 },
    },
    act: (modal) => modal.functions.fromId("fu-1").getCurrentStats(),
    returns: { backlog: 4, numTotalRunners: 3, numRunningInputs: 2, inputHeadroom: 1, startFailure: "" },
    sends: [["FunctionGetCurrentStats", { functionId: "fu-1" }]],
  },
  {
    does: "updateAutoscaler",
    answers: {
      ...SQUARE,
      FunctionUpdateSchedulingParams: { currentSettings: { minContainers: 1, scaledownWindow: 60 } },
    },
    act: (modal) =>
      modal.functions.fromName("my-app", "square").updateAutoscaler({ minContainers: 0, scaledownWindowMs: 60_000 }),
    returns: { minContainers: 1, scaledownWindowMs: 60_000 },
    sends: [
      GET_SQUARE,
      ["FunctionUpdateSchedulingParams", { functionId: "fu-1", settings: { minContainers: 0, scaledownWindow: 60 } }],
    ],
  },
  {
    does: "getAutoscaler",
    answers: {
      ...SQUARE,
      FunctionGetSchedulingParams: {
        autoscalerConfiguration: { settings: { maxContainers: 4 }, overrideSettings: { bufferContainers: 0 } },
      },
    },
    act: (modal) => modal.functions.fromName("my-app", "square").getAutoscaler(),
    returns: {
      settings: { maxContainers: 4 },
      defaultSettings: {},
      staticSettings: {},
      overrideSettings: { bufferContainers: 0 },
    },
    sends: [GET_SQUARE, ["FunctionGetSchedulingParams", { functionId: "fu-1" }]],
  },
  {
    does: "hydrate of a function by its id",
    answers: {
      FunctionGetById: {
        handleMetadata: {
          functionName: "square",
          functionType: FunctionType.GENERATOR,
          supportedInputFormats: [DataFormat.CBOR],
        },
      },
    },
    act: async (modal) => (await modal.functions.fromId("fu-1").hydrate()).isGenerator,
    returns: true,
    sends: [["FunctionGetById", { functionId: "fu-1" }]],
  },
];
