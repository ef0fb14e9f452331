import { create } from "@bufbuild/protobuf";
import {
  AttemptStartRequestSchema,
  type DataChunk,
  type FunctionGetOutputsItem,
  FunctionInputSchema,
  FunctionMapRequestSchema,
  type FunctionPutInputsItem,
  FunctionPutInputsRequestSchema,
  type GenericResult,
  MapStartOrContinueRequestSchema,
} from "../../proto/gen/modal_pb.js";
import { FILE_BYTES, INLINE_BYTES } from "../../proto/valueFiles.ts";
import type { ValueFolder } from "../blobs/valueFolder.ts";
import type { ServerRpc } from "./modalRpc.ts";

/**
 * The same RPCs to the local engine, past which large values go by file: arguments are written before a request and named in it, results are
 * read where an answer names them. Whoever makes the requests sees no difference. Results above {@link INLINE_BYTES} stay names,
 * as they do without files.
 */
export function valuesByFile(rpc: ServerRpc, folder: ValueFolder): ServerRpc {
  return {
    ...rpc,
    functionMap: (init, options) => {
      const request = create(FunctionMapRequestSchema, init);
      return sending(folder, request.pipelinedInputs, async (pipelinedInputs) => {
        const response = await rpc.functionMap({ ...request, pipelinedInputs }, options);
        if (response.awaitedOutput) await readOutputs(folder, [response.awaitedOutput]);
        return response;
      });
    },
    functionPutInputs: (init, options) => {
      const request = create(FunctionPutInputsRequestSchema, init);
      return sending(folder, request.inputs, (inputs) => rpc.functionPutInputs({ ...request, inputs }, options));
    },
    functionGetOutputs: async (request, options) => {
      const response = await rpc.functionGetOutputs(request, options);
      await readOutputs(folder, response.outputs);
      return response;
    },
    async *functionCallGetDataOut(request, options) {
      for await (const chunks of rpc.functionCallGetDataOut(request, options)) {
        for (const chunk of chunks) if (chunk.dataOneof.case === "dataBlobId") await readValue(folder, chunk);
        yield chunks;
      }
    },
    attemptStart: (init, options) => {
      const request = create(AttemptStartRequestSchema, init);
      const inputs = request.input ? [request.input] : [];
      return sending(folder, inputs, ([input]) => rpc.attemptStart({ ...request, ...(input && { input }) }, options));
    },
    attemptAwait: async (request, options) => {
      const response = await rpc.attemptAwait(request, options);
      if (response.output) await readOutputs(folder, [response.output]);
      return response;
    },
    mapStartOrContinue: (init, options) => {
      const request = create(MapStartOrContinueRequestSchema, init);
      const inputs = request.items.flatMap(({ input }) => input ?? []);
      return sending(folder, inputs, (sent) => {
        const waiting = sent.values();
        const items = request.items.map((item) => {
          const input = item.input && waiting.next().value;
          return { ...item, ...(input && { input }) };
        });
        return rpc.mapStartOrContinue({ ...request, items }, options);
      });
    },
    mapAwait: async (request, options) => {
      const response = await rpc.mapAwait(request, options);
      await readOutputs(folder, response.outputs);
      return response;
    },
  };
}

/** Sends inputs, the large ones by file. The engine has taken the files, or never will, when the request is over. */
async function sending<T>(
  folder: ValueFolder,
  items: FunctionPutInputsItem[],
  send: (items: FunctionPutInputsItem[]) => Promise<T>,
): Promise<T> {
  if (!items.some((item) => largeArguments(item))) return send(items);
  const written: string[] = [];
  const sent: FunctionPutInputsItem[] = [];
  try {
    // One after another: threads that make files in one folder at a time only wait for each other, and not idly.
    for (const item of items) sent.push(largeArguments(item) ? await byFile(folder, item, written) : item);
    return await send(sent);
  } finally {
    void removeAll(folder, written);
  }
}

async function removeAll(folder: ValueFolder, blobIds: readonly string[]): Promise<void> {
  for (const blobId of blobIds) await folder.remove(blobId);
}

async function byFile(
  folder: ValueFolder,
  item: FunctionPutInputsItem,
  written: string[],
): Promise<FunctionPutInputsItem> {
  const content = largeArguments(item);
  const blobId = content && (await folder.write(content));
  if (blobId === undefined) return item;
  written.push(blobId);
  const input = item.input ?? create(FunctionInputSchema);
  return { ...item, input: { ...input, argsOneof: { case: "argsBlobId", value: blobId } } };
}

function largeArguments({ input }: FunctionPutInputsItem): Uint8Array | undefined {
  const args = input?.argsOneof;
  return args?.case === "args" && args.value.length >= FILE_BYTES ? args.value : undefined;
}

async function readOutputs(folder: ValueFolder, outputs: readonly FunctionGetOutputsItem[]): Promise<void> {
  const named = outputs.flatMap(({ result }) => (result?.dataOneof.case === "dataBlobId" ? [result] : []));
  if (named.length > 0) await Promise.all(named.map((result) => readValue(folder, result)));
}

/** Puts a value where its name stands, unless it is very large. */
async function readValue(folder: ValueFolder, message: GenericResult | DataChunk): Promise<void> {
  if (message.dataOneof.case !== "dataBlobId") return;
  const value = await folder.read(message.dataOneof.value, INLINE_BYTES);
  if (value) message.dataOneof = { case: "data", value };
}
