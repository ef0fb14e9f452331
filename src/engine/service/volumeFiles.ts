import {
  FileEntry_FileType as FileType,
  type VolumePutFiles2Request_File as NewFileMessage,
  type VolumeListFilesRequest,
} from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import { digestId } from "../ids.ts";
import type { NewFile, VolumeEntry, VolumeFolder } from "../volumes/volumeFolder.ts";
import type { House, ModalHandlers } from "./house.ts";

/** Clients send and fetch files in blocks of this size (`py/modal/_utils/blob_utils.py`). */
const BLOCK_BYTES = 8 * 1024 * 1024;
const ENTRIES_AT_ONCE = 500;

type Names =
  | "volumeListFiles"
  | "volumeListFiles2"
  | "volumeGetFile2"
  | "volumePutFiles"
  | "volumePutFiles2"
  | "volumeRemoveFile"
  | "volumeRemoveFile2"
  | "volumeCopyFiles"
  | "volumeCopyFiles2";

type ListRequest = Pick<VolumeListFilesRequest, "volumeId" | "path" | "recursive" | "maxEntries">;

/** The handlers of files in volumes. Both versions of Modal's volumes are the same here; they differ in how files come. */
export function volumeFileHandlers(house: House): ModalHandlers<Names> {
  const { store, volumes, blobEndpoint } = house;
  const open = (volumeId: string): VolumeFolder => volumes.open(store.objects.found("vo", volumeId).objectId);

  async function* list({ volumeId, path, recursive, maxEntries = Number.POSITIVE_INFINITY }: ListRequest) {
    let entries: ReturnType<typeof entryMessage>[] = [];
    let count = 0;
    for await (const entry of open(volumeId).list(path, recursive)) {
      if (++count > maxEntries) break;
      entries.push(entryMessage(entry));
      if (entries.length < ENTRIES_AT_ONCE) continue;
      yield { entries };
      entries = [];
    }
    yield { entries };
  }

  async function remove({ volumeId, path, recursive }: { volumeId: string; path: string; recursive: boolean }) {
    await open(volumeId).remove(path, recursive);
    return {};
  }

  async function copy(request: { volumeId: string; srcPaths: string[]; dstPath: string; recursive: boolean }) {
    await open(request.volumeId).copy(request.srcPaths, request.dstPath, request.recursive);
    return {};
  }

  return {
    volumeListFiles: list,
    volumeListFiles2: list,

    volumeGetFile2: async ({ volumeId, path, start, len }) => {
      const file = await open(volumeId).file(path);
      const first = Math.min(Number(start), file.bytes);
      const end = len > 0n ? Math.min(first + Number(len), file.bytes) : file.bytes;
      const getUrls = blocks(first, end).map((range) => blobEndpoint.fileUrl(file.path, range));
      return { getUrls, size: BigInt(file.bytes), start: BigInt(first), len: BigInt(end - first) };
    },

    // Their content came as that of mounts does.
    volumePutFiles: async ({ volumeId, files, disallowOverwriteExistingFiles }) => {
      const newFiles = files.map(({ filename, sha256Hex, mode }) => ({
        path: filename,
        pieces: [mountedContent(house, filename, sha256Hex)],
        mode,
      }));
      await open(volumeId).put(newFiles, !disallowOverwriteExistingFiles);
      return {};
    },

    volumePutFiles2: async ({ volumeId, files, disallowOverwriteExistingFiles }) => {
      const folder = open(volumeId);
      const uploads = files.map((file) => fileUpload(house, volumeId, file));
      const missingBlocks = uploads.flatMap(({ missing }, fileIndex) =>
        missing.map(({ index, putUrl }) => ({ fileIndex: BigInt(fileIndex), blockIndex: BigInt(index), putUrl })),
      );
      if (missingBlocks.length === 0) {
        await folder.put(
          uploads.map(({ file }) => file),
          !disallowOverwriteExistingFiles,
        );
        for (const { blobIds } of uploads) for (const blobId of blobIds) house.payloads.removeUpload(blobId);
      }
      return { missingBlocks };
    },

    volumeRemoveFile: remove,
    volumeRemoveFile2: remove,
    volumeCopyFiles: copy,
    volumeCopyFiles2: copy,
  };
}

interface FileUpload {
  readonly file: NewFile;
  /** Of its blocks. */
  readonly blobIds: readonly string[];
  readonly missing: readonly { readonly index: number; readonly putUrl: string }[];
}

/** A file whose blocks come as uploads do, each known by the file that it is for. */
function fileUpload({ payloads, blobEndpoint }: House, volumeId: string, message: NewFileMessage): FileUpload {
  const ranges = blocks(0, Number(message.size));
  if (ranges.length !== message.blocks.length) {
    throw new RpcError(
      RpcStatus.INVALID_ARGUMENT,
      `${message.path} has ${message.size} bytes, which are not ${message.blocks.length} blocks.`,
    );
  }
  const parts = ranges.map(({ length }, index) => {
    const sha256 = message.blocks[index]?.contentsSha256 ?? new Uint8Array();
    const blobId = digestId("bl", volumeId, "\0", message.path, `\0${index}\0`, sha256);
    const facts = { length, md5: "", sha256: Buffer.from(sha256).toString("base64") };
    return { index, blobId, facts, uploaded: payloads.find(blobId) };
  });
  return {
    file: { path: message.path, pieces: parts.flatMap(({ uploaded }) => uploaded?.path ?? []), mode: message.mode },
    blobIds: parts.map(({ blobId }) => blobId),
    missing: parts
      .filter(({ uploaded }) => !uploaded)
      .map(({ index, blobId, facts }) => ({ index, putUrl: blobEndpoint.uploadUrl(blobId, facts) })),
  };
}

/** The file that has the content. */
function mountedContent({ mounts }: House, path: string, sha256: string): string {
  const found = mounts.find(sha256);
  if (found !== undefined) return found;
  throw new RpcError(RpcStatus.FAILED_PRECONDITION, `The file ${path} was not uploaded yet.`);
}

function blocks(start: number, end: number): { readonly start: number; readonly length: number }[] {
  const count = Math.ceil((end - start) / BLOCK_BYTES);
  return Array.from({ length: count }, (_, index) => {
    const first = start + index * BLOCK_BYTES;
    return { start: first, length: Math.min(BLOCK_BYTES, end - first) };
  });
}

const TYPES: Readonly<Record<VolumeEntry["kind"], FileType>> = {
  file: FileType.FILE,
  directory: FileType.DIRECTORY,
  symlink: FileType.SYMLINK,
  fifo: FileType.FIFO,
  socket: FileType.SOCKET,
};

function entryMessage({ path, kind, modifiedAt, bytes }: VolumeEntry) {
  return { path, type: TYPES[kind], mtime: BigInt(modifiedAt), size: BigInt(bytes) };
}
