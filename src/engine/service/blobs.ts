import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import { newId } from "../ids.ts";
import type { House, ModalHandlers } from "./house.ts";

/** Larger blobs are uploaded in parts of this size, by clients that can; the number of Modal's own mock server (`py/test/conftest.py`). */
const PART_BYTES = 10_000_000;

type Names = "blobCreate" | "blobGet";

/** The handlers of blobs: arguments and results that are too large for a message. */
export function blobHandlers({ payloads, blobEndpoint }: House): ModalHandlers<Names> {
  return {
    blobCreate: ({ contentMd5, contentSha256Base64, contentLength }) => {
      const blobId = newId("bl");
      const facts = { length: Number(contentLength), md5: contentMd5, sha256: contentSha256Base64 };
      if (!Number.isSafeInteger(facts.length) || facts.length < 0) {
        throw new RpcError(RpcStatus.INVALID_ARGUMENT, `A blob cannot have ${contentLength} bytes.`);
      }
      const uploadUrl = blobEndpoint.uploadUrl(blobId, facts);
      const parts = () => ({ ...blobEndpoint.partUrls(blobId, facts, PART_BYTES), partLength: BigInt(PART_BYTES) });
      return {
        // Modal's Python client reads the alternatives; its other ones read the older fields, and know no parts.
        blobId,
        uploadTypeOneof: { case: "uploadUrl", value: uploadUrl },
        blobIds: [blobId],
        uploadTypesOneof:
          facts.length > PART_BYTES
            ? { case: "multiparts", value: { items: [parts()] } }
            : { case: "uploadUrls", value: { items: [uploadUrl] } },
      };
    },

    blobGet: ({ blobId }) => {
      if (!payloads.find(blobId)) {
        throw new RpcError(RpcStatus.NOT_FOUND, `There is no blob ${blobId}; it was removed with its call.`);
      }
      return { downloadUrl: blobEndpoint.downloadUrl(blobId) };
    },
  };
}
