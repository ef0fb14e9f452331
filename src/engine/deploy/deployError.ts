import { create } from "@bufbuild/protobuf";
import { DeployFailureSchema } from "../../proto/gen/engine_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { DescribeFailure } from "./definition.ts";

/** INVALID_ARGUMENT, with a `DeployFailure` that says where the file is at fault. */
export function deployError({ message, path, line, traceback }: DescribeFailure): RpcError {
  const failure = create(DeployFailureSchema, { message, path, line, traceback });
  return RpcError.with(RpcStatus.INVALID_ARGUMENT, message, DeployFailureSchema, failure);
}
