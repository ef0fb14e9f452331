import { RpcError, RpcStatus } from "../../../proto/grpc/rpcError.ts";

/**
 * What stands for an input in requests of the control plane. Clients decode `idx` from it (`py/modal/parallel_map.py`), and repeat it
 * in their polls: so it has no signature, and says only what its function call does not.
 *
 * @param retryCount which attempt at the input it is for, from 0
 */
export function inputJwt(index: number, retryCount: number): string {
  const payload = retryCount === 0 ? { idx: index } : { idx: index, retry_count: retryCount };
  return `e30.${Buffer.from(JSON.stringify(payload)).toString("base64url")}.`;
}

/** @throws RpcError INVALID_ARGUMENT */
export function readInputJwt(jwt: string): { index: number; retryCount: number } {
  const { idx, retry_count: retryCount = 0 } = payloadOf(jwt);
  if (isCount(idx) && isCount(retryCount)) return { index: idx, retryCount };
  throw new RpcError(
    RpcStatus.INVALID_ARGUMENT,
    "The request names an input by a token that is not one of this engine.",
  );
}

function payloadOf(jwt: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString()));
  } catch {
    return {};
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
