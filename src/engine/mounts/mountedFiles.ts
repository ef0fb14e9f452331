import { posix } from "node:path";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { MountedFile, ObjectStore } from "../store/objectStore.ts";

/**
 * The files of several mounts, as a container with all of them sees them. Of two with the same path the later counts.
 *
 * @throws RpcError NOT_FOUND for a mount that is not here
 */
export function mountedFiles(objects: ObjectStore, mountIds: readonly string[]): MountedFile[] {
  const byPath = new Map<string, MountedFile>();
  for (const mountId of mountIds) {
    const mount = objects.get("mo", mountId);
    if (!mount) throw new RpcError(RpcStatus.NOT_FOUND, `There is no mount ${mountId} here; deploy the app again.`);
    for (const file of mount.content.files) byPath.set(file.path, file);
  }
  return [...byPath.values()];
}

/**
 * The path of a file in a container.
 *
 * @throws RpcError INVALID_ARGUMENT for one that is not absolute, or leaves its folder
 */
export function mountedPath(path: string): string {
  const isPlain =
    posix.isAbsolute(path) && posix.normalize(path) === path && !path.includes("\\") && !path.includes("\0");
  if (isPlain && !path.endsWith("/")) return path;
  throw new RpcError(
    RpcStatus.INVALID_ARGUMENT,
    `A mount cannot have a file ${JSON.stringify(path)}; its path must be absolute, and without "..".`,
  );
}
