import type { ModalRpc } from "../connection/connection.ts";
import { ExecutionError } from "../errors.ts";
import { type Attempts, attempted, StorageRefusal } from "./attempts.ts";
import { sendRequest, storageUrl } from "./httpRequest.ts";
import { transferSignal } from "./transferSignal.ts";

/** Modal's own numbers (`py/modal/_utils/blob_utils.py`). */
const ATTEMPTS: Attempts = { count: 5, baseDelayMs: 100 };

/**
 * Fetches a payload that is too large for a message.
 *
 * @param rpc of the control plane, which all blobs are on
 * @throws NotFoundError when the server does not have it any more
 * @throws ExecutionError when the storage fails, also after four more attempts
 */
export async function downloadBlob(rpc: ModalRpc, blobId: string, callerSignal?: AbortSignal): Promise<Uint8Array> {
  const signal = transferSignal(rpc, callerSignal);
  const content = await rpc.values?.read(blobId);
  if (content) return content;
  const { downloadUrl } = await rpc.blobGet({ blobId }, { signal });
  try {
    return await attempted(ATTEMPTS, signal, () => fetchContent(downloadUrl, signal));
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExecutionError(`A value of the server could not be downloaded; try again. ${reason}`, { cause: error });
  }
}

async function fetchContent(url: string, signal: AbortSignal): Promise<Uint8Array> {
  const { status, body } = await sendRequest({ method: "GET", url, signal });
  if (status !== 200) throw new StorageRefusal(storageUrl(url).host, status);
  return body;
}
