import { createHash } from "node:crypto";
import {
  acceptedInput,
  DataFormat,
  FunctionType,
  functionAnswer,
  GET_SQUARE,
  type RequestCase,
  SEVEN,
  Status,
} from "./requestCase.ts";

const content = Buffer.from(SEVEN, "base64");
const md5 = createHash("md5").update(content).digest("base64");
const sha256 = createHash("sha256").update(content).digest("base64");

/** Arguments and results that are too large for a message: here, of four bytes. */
export const blobCases: readonly RequestCase[] = [
  {
    does: "remote with arguments and a result in blobs",
    answers: ({ storageUrl }) => ({
      ...functionAnswer(FunctionType.FUNCTION, { maxObjectSizeBytes: 3 }),
      BlobCreate: { blobIds: ["bl-1"], uploadUrls: { items: [`${storageUrl}/bl-1`] } },
      FunctionMap: { functionCallId: "fc-1", pipelinedInputs: [acceptedInput(0)] },
      FunctionGetOutputs: {
        outputs: [{ dataFormat: DataFormat.CBOR, result: { status: Status.SUCCESS, dataBlobId: "bl-1" } }],
      },
      BlobGet: { downloadUrl: `${storageUrl}/bl-1` },
    }),
    act: (modal) => modal.functions.fromName("my-app", "square").remote([7]),
    // The storage gives back what it was given: the arguments.
    returns: [[7], {}],
    sends: [
      GET_SQUARE,
      ["BlobCreate", { contentMd5: md5, contentSha256Base64: sha256, contentLength: 4 }],
      [
        "FunctionMap",
        {
          functionId: "fu-1",
          functionCallType: "FUNCTION_CALL_TYPE_UNARY",
          functionCallInvocationType: "FUNCTION_CALL_INVOCATION_TYPE_SYNC",
          pipelinedInputs: [{ input: { argsBlobId: "bl-1", dataFormat: "DATA_FORMAT_CBOR" } }],
        },
      ],
      [
        "FunctionGetOutputs",
        { functionCallId: "fc-1", timeout: 55, lastEntryId: "0-0", clearOnSuccess: true, startIdx: 0, endIdx: 0 },
      ],
      ["BlobGet", { blobId: "bl-1" }],
    ],
  },
];
