import { ENVIRONMENT, FunctionType, functionAnswer, input, type RequestCase, SEVEN } from "./requestCase.ts";

/** `PARAM_TYPE_STRING` and `PARAM_TYPE_INT`, and the format in which parameters are messages. */
const STRING = 1;
const INT = 2;
const PROTO = 2;

const method = {
  functionName: "Model.run",
  functionType: FunctionType.FUNCTION,
  supportedInputFormats: [4],
  useMethodName: "run",
};

/** `ClassParameterSet` by hand: name, type and value of both, in the order of their names. */
const PARAMETERS = Buffer.concat([
  Buffer.from([0x0a, 9, 0x0a, 3, ...Buffer.from("big"), 0x10, INT, 0x20, 5]),
  Buffer.from([0x0a, 11, 0x0a, 4, ...Buffer.from("name"), 0x10, STRING, 0x1a, 1, ...Buffer.from("n")]),
]).toString("base64");

/** Classes, their parameters and options. */
export const classCases: readonly RequestCase[] = [
  {
    does: "a method of an instance with parameters and options",
    answers: {
      ...functionAnswer(FunctionType.FUNCTION, {
        isMethod: false,
        methodHandleMetadata: { run: method },
        classParameterInfo: {
          format: PROTO,
          schema: [
            { name: "name", fullType: { baseType: STRING } },
            { name: "big", fullType: { baseType: INT }, hasDefault: true, intDefault: 5 },
          ],
        },
      }),
      FunctionBindParams: { boundFunctionId: "fu-2", handleMetadata: { methodHandleMetadata: { run: method } } },
      FunctionMap: { functionCallId: "fc-1", pipelinedInputs: [{ inputId: "in-0" }] },
    },
    act: async (modal) => {
      const model = modal.classes.fromName("my-app", "Model").withOptions({ timeoutMs: 60_000, maxContainers: 3 });
      const call = await model.instance({ name: "n" }).method("run").spawn([7]);
      return call.functionCallId;
    },
    returns: "fc-1",
    sends: [
      ["FunctionGet", { appName: "my-app", objectTag: "Model.*", environmentName: ENVIRONMENT }],
      [
        "FunctionBindParams",
        {
          functionId: "fu-1",
          serializedParams: PARAMETERS,
          environmentName: ENVIRONMENT,
          functionOptions: { timeoutSecs: 60, concurrencyLimit: 3 },
        },
      ],
      [
        "FunctionMap",
        {
          functionId: "fu-2",
          functionCallType: "FUNCTION_CALL_TYPE_UNARY",
          functionCallInvocationType: "FUNCTION_CALL_INVOCATION_TYPE_ASYNC",
          pipelinedInputs: [{ input: { ...input(SEVEN).input, methodName: "run" } }],
        },
      ],
    ],
  },
];
