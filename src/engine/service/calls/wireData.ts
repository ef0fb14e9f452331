import type { RpcContext } from "../../../proto/grpc/rpcServer.ts";
import { INLINE_BYTES, LIBRARY_HEADER, READS_FILES } from "../../../proto/valueFiles.ts";
import { isFile, type Payload } from "../../payloads/payload.ts";
import type { PayloadFiles } from "../../payloads/payloadFiles.ts";

/** Makes payloads ready for whoever made a request. */
export type ToWire = (payload: Payload) => WireData;

type WireData =
  | { readonly case: "data"; readonly value: Uint8Array }
  | { readonly case: "dataBlobId"; readonly value: string };

/**
 * How payloads stand in the answer to a request: as they are, or as the blob that they can be fetched as, where they are large or the
 * caller reads files.
 *
 * @returns throws PayloadLostError for a payload whose file is not as it was written
 */
export function wireDataFor(context: Pick<RpcContext, "metadata">, payloads: PayloadFiles): ToWire {
  const inlineBytes = context.metadata(LIBRARY_HEADER)?.endsWith(READS_FILES) ? 0 : INLINE_BYTES;
  return (payload) =>
    isFile(payload) && payload.length > inlineBytes
      ? { case: "dataBlobId", value: payloads.checked(payload).blobId }
      : { case: "data", value: payloads.read(payload) };
}
