import { VolumeFsVersion } from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import { newId } from "../ids.ts";
import type { Store } from "../store/store.ts";
import type { NamedVolume, VolumeMountDefinition } from "./definition.ts";

/**
 * The volume that a file names for a function; made where that is wanted.
 *
 * @param environment of the app
 * @throws RpcError NOT_FOUND when there is none of that name
 */
export function namedVolume(
  { objects, database }: Store,
  environment: string,
  named: NamedVolume,
): VolumeMountDefinition {
  const { path, name, sub_path } = named;
  const where = named.environment || environment;
  const volumeId = objects.named("vo", where, name)?.objectId ?? make();
  return { path, volume_id: volumeId, ...(sub_path && { sub_path }) };

  function make(): string {
    if (!named.create_if_missing) {
      throw new RpcError(
        RpcStatus.NOT_FOUND,
        `There is no volume ${name} in the environment ${where}; name it with \`create_if_missing=True\`.`,
      );
    }
    const objectId = newId("vo");
    const content = { version: named.version || VolumeFsVersion.V1 };
    const record = { objectId, environment: where, name, content, createdAt: Date.now() / 1_000 };
    database.transaction(() => objects.put(record));
    return objectId;
  }
}
