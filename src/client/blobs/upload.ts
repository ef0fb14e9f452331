import type { BlobCreateResponse } from "../../proto/gen/modal_pb.js";
import type { ModalRpc } from "../connection/connection.ts";
import { ExecutionError } from "../errors.ts";
import { checksums } from "./checksums.ts";
import { uploadInParts } from "./multipart.ts";
import { transferSignal } from "./transferSignal.ts";
import { uploadPart, wholeUploadHeaders } from "./uploadPart.ts";

/** A blob that the server has, and how it went with one of the storages, which `FunctionPutInputsItem` tells the server. */
export interface UploadedBlob {
  readonly blobId: string;
  readonly r2Failed: boolean;
  readonly r2ThroughputBytesS: bigint;
}

/** One of the ways in which the server takes a blob. */
interface Alternative {
  readonly blobId: string;
  upload(): Promise<void>;
}

/** The blobs of one of Modal's storages are known by the end of their ids. */
const R2_SUFFIX = ":r2";

/**
 * Uploads a payload that is too large for a message: by the first of the server's alternatives that works.
 *
 * @param rpc of the control plane, which all blobs are on
 * @throws ExecutionError when none works
 */
export async function uploadBlob(
  rpc: ModalRpc,
  content: Uint8Array,
  callerSignal?: AbortSignal,
): Promise<UploadedBlob> {
  const signal = transferSignal(rpc, callerSignal);
  const { md5, sha256 } = await checksums(content, signal);
  const request = {
    contentMd5: md5.toString("base64"),
    contentSha256Base64: sha256.toString("base64"),
    contentLength: BigInt(content.length),
  };
  const response = await rpc.blobCreate(request, { signal });
  return firstThatWorks(alternatives(response, content, md5, signal), content.length, signal);
}

async function firstThatWorks(
  alternatives: readonly Alternative[],
  size: number,
  signal: AbortSignal,
): Promise<UploadedBlob> {
  let r2Failed = false;
  let failure: unknown = new ExecutionError("The server named no storage.");
  for (const { blobId, upload } of alternatives) {
    const isR2 = blobId.endsWith(R2_SUFFIX);
    const startedAt = performance.now();
    try {
      await upload();
      const seconds = Math.max(performance.now() - startedAt, 1) / 1_000;
      return { blobId, r2Failed, r2ThroughputBytesS: isR2 ? BigInt(Math.floor(size / seconds)) : 0n };
    } catch (error) {
      signal.throwIfAborted();
      failure = error;
      r2Failed ||= isR2;
    }
  }
  const reason = failure instanceof Error ? failure.message : String(failure);
  throw new ExecutionError(
    `The arguments, ${size.toLocaleString("en")} bytes, could not be uploaded; try again. ${reason}`,
    {
      cause: failure,
    },
  );
}

/** Newer servers name several ways, older ones a single one; a server may say both. */
function alternatives(
  { blobId, blobIds, uploadTypesOneof: several, uploadTypeOneof: single }: BlobCreateResponse,
  content: Uint8Array,
  md5: Buffer,
  signal: AbortSignal,
): Alternative[] {
  const whole = (url: string) => uploadPart({ url, content, md5, headers: wholeUploadHeaders(url, md5) }, signal);
  const named = (uploads: (() => Promise<void>)[]) =>
    uploads.slice(0, blobIds.length).map((upload, index) => ({ blobId: blobIds[index] ?? "", upload }));
  if (several.case === "multiparts") {
    return named(several.value.items.map((parts) => () => uploadInParts(parts, content, signal)));
  }
  if (several.case === "uploadUrls") return named(several.value.items.map((url) => async () => whole(url)));
  if (single.case === "multipart") return [{ blobId, upload: () => uploadInParts(single.value, content, signal) }];
  if (single.case === "uploadUrl") return [{ blobId, upload: async () => whole(single.value) }];
  return [];
}
