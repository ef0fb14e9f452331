import { create } from "@bufbuild/protobuf";
import { DataFormat, type FunctionInput, FunctionInputSchema } from "../proto/gen/modal_pb.js";
import type { FunctionHandle } from "./functionHandle.ts";
import { encodeArguments, inputFormat } from "./payload.ts";

/** Keyword arguments of a Python function. */
export type Kwargs = Readonly<Record<string, unknown>>;

/** Makes an input of arguments. Throws SerializationError and InvalidError as {@link encodeArguments} does. */
export type InputEncoder = (args: readonly unknown[], kwargs: Kwargs) => FunctionInput;

/** What Modal's servers take inline when a function's handle does not say. */
const DEFAULT_SYNC_LIMIT_BYTES = 2 * 1024 * 1024;
const DEFAULT_ASYNC_LIMIT_BYTES = 8 * 1024;

/**
 * The encoder for inputs of one function.
 *
 * @param isAsync whether nobody waits for the call; the server then holds inputs longer, and takes less inline
 */
export function inputEncoder({ metadata }: FunctionHandle, isAsync: boolean): InputEncoder {
  const syncLimitBytes = Number(metadata.maxObjectSizeBytes ?? DEFAULT_SYNC_LIMIT_BYTES);
  const asyncLimitBytes = Number(metadata.maxAsyncObjectSizeBytes ?? DEFAULT_ASYNC_LIMIT_BYTES);
  const limitBytes = isAsync ? Math.min(syncLimitBytes, asyncLimitBytes) : syncLimitBytes;
  const dataFormat = inputFormat(metadata.supportedInputFormats) ?? DataFormat.CBOR;
  const method = metadata.useMethodName ? { methodName: metadata.useMethodName } : {};
  return (args, kwargs) =>
    create(FunctionInputSchema, {
      argsOneof: { case: "args", value: encodeArguments(args, kwargs, dataFormat, limitBytes) },
      dataFormat,
      ...method,
    });
}
