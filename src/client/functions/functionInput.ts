import { create } from "@bufbuild/protobuf";
import {
  DataFormat,
  FunctionInputSchema,
  type FunctionPutInputsItem,
  FunctionPutInputsItemSchema,
} from "../../proto/gen/modal_pb.js";
import { uploadBlob } from "../blobs/upload.ts";
import type { ModalRpc } from "../connection/connection.ts";
import { encodeArguments, inputFormat } from "../payloads/payload.ts";
import type { FunctionHandle } from "./functionHandle.ts";
import { type Kwargs, positionalArguments } from "./positionalArguments.ts";

/**
 * Makes an input of arguments, whose index in its call is left to the caller: at once, or a promise of it when the arguments have to
 * be uploaded first. Throws SerializationError as {@link encodeArguments} does; the promise rejects as {@link uploadBlob} does.
 */
export type InputEncoder = (
  args: readonly unknown[],
  kwargs: Kwargs,
) => FunctionPutInputsItem | Promise<FunctionPutInputsItem>;

/** What Modal's servers take inline when a function's handle does not say. */
const DEFAULT_SYNC_LIMIT_BYTES = 2 * 1024 * 1024;
const DEFAULT_ASYNC_LIMIT_BYTES = 8 * 1024;

/**
 * The encoder for inputs of one function.
 *
 * @param rpc of the control plane, which large arguments are uploaded by
 * @param isAsync whether nobody waits for the call; the server then holds inputs longer, and takes less inline
 */
export function inputEncoder(
  rpc: ModalRpc,
  { metadata }: FunctionHandle,
  isAsync: boolean,
  signal?: AbortSignal,
): InputEncoder {
  const syncLimitBytes = Number(metadata.maxObjectSizeBytes ?? DEFAULT_SYNC_LIMIT_BYTES);
  const asyncLimitBytes = Number(metadata.maxAsyncObjectSizeBytes ?? DEFAULT_ASYNC_LIMIT_BYTES);
  const limitBytes = isAsync ? Math.min(syncLimitBytes, asyncLimitBytes) : syncLimitBytes;
  const dataFormat = inputFormat(metadata.supportedInputFormats) ?? DataFormat.CBOR;
  const inPlace = positionalArguments(metadata.functionSchema);
  const common = { dataFormat, ...(metadata.useMethodName ? { methodName: metadata.useMethodName } : {}) };

  const uploaded = async (args: Uint8Array): Promise<FunctionPutInputsItem> => {
    const { blobId, ...transfer } = await uploadBlob(rpc, args, signal);
    const input = create(FunctionInputSchema, { ...common, argsOneof: { case: "argsBlobId", value: blobId } });
    return create(FunctionPutInputsItemSchema, { input, ...transfer });
  };
  return (values, kwargs) => {
    const placed = inPlace(values, kwargs);
    const args = encodeArguments(placed.args, placed.kwargs, dataFormat);
    if (args.length > limitBytes) return uploaded(args);
    const input = create(FunctionInputSchema, { ...common, argsOneof: { case: "args", value: args } });
    return create(FunctionPutInputsItemSchema, { input });
  };
}
