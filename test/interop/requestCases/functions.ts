import { DataFormat, FunctionType, type RequestCase } from "./requestCase.ts";

/** Functions themselves. */
export const functionCases: readonly RequestCase[] = [
  {
    does: "getCurrentStats",
    answers: {
      FunctionGetCurrentStats: { backlog: 4, numTotalTasks: 3, numRunningInputs: 2, inputHeadroom: 1 },
    },
    act: (modal) => modal.functions.fromId("fu-1").getCurrentStats(),
    returns: { backlog: 4, numTotalRunners: 3, numRunningInputs: 2, inputHeadroom: 1 },
    sends: [["FunctionGetCurrentStats", { functionId: "fu-1" }]],
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
