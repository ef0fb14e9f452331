import { sep } from "node:path";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";

/**
 * The parts of a path in a volume, which has slashes, and one in front or not; none for its root.
 *
 * @throws RpcError INVALID_ARGUMENT for one that could leave the volume
 */
export function partsOf(path: string): string[] {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  const isPlain = parts.every(
    (part) => part !== ".." && !part.includes("\0") && (sep === "/" || isPlainOnWindows(part)),
  );
  if (isPlain) return parts;
  throw new RpcError(
    RpcStatus.INVALID_ARGUMENT,
    `${JSON.stringify(path)} is no path in a volume; write it with slashes and without "..".`,
  );
}

function isPlainOnWindows(part: string): boolean {
  return !/[\\:]/.test(part);
}
