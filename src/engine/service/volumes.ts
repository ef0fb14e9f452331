import type { MessageInitShape } from "@bufbuild/protobuf";
import { VolumeFsVersion, type VolumeMetadataSchema } from "../../proto/gen/modal_pb.js";
import { newId } from "../ids.ts";
import type { ObjectRecord } from "../store/objectStore.ts";
import type { House, ModalHandlers } from "./house.ts";
import { namedObject, objectMetadata, objectPage, renameObject } from "./namedObject.ts";

type Names =
  | "volumeGetOrCreate"
  | "volumeGetById"
  | "volumeList"
  | "volumeRename"
  | "volumeDelete"
  | "volumeHeartbeat"
  | "volumeReload";

/** The handlers of volumes: each is a folder of the data folder, whichever version it is said to have. */
export function volumeHandlers(house: House): ModalHandlers<Names> {
  const { store, volumes } = house;
  return {
    volumeGetOrCreate: async ({ deploymentName, environmentName, objectCreationType, version }) => {
      const volume = await namedObject(house, {
        kind: "vo",
        environmentName,
        name: deploymentName,
        creationType: objectCreationType,
        make: () => ({ objectId: newId("vo"), content: { version: version || VolumeFsVersion.V1 } }),
      });
      const metadata = volumeMetadata(volume);
      return { volumeId: volume.objectId, version: metadata.version, metadata };
    },

    volumeGetById: ({ volumeId }) => ({ volumeId, metadata: volumeMetadata(store.objects.found("vo", volumeId)) }),

    volumeList: ({ environmentName, pagination }) => ({
      items: objectPage(house, "vo", environmentName, pagination).map((volume) => ({
        label: volume.name ?? "",
        volumeId: volume.objectId,
        createdAt: volume.createdAt,
        metadata: volumeMetadata(volume),
      })),
      environmentName,
    }),

    volumeRename: async ({ volumeId, name }) => {
      await renameObject(house, "vo", volumeId, name);
      return {};
    },

    volumeDelete: async ({ volumeId }) => {
      const { objectId } = store.objects.found("vo", volumeId);
      await store.database.write(() => store.objects.delete(objectId));
      await volumes.delete(objectId);
      return {};
    },

    // One without a name stays for a day after that.
    volumeHeartbeat: async ({ volumeId }) => {
      const volume = store.objects.found("vo", volumeId);
      await store.database.write(() => store.objects.put({ ...volume, createdAt: Date.now() / 1_000 }));
      return {};
    },

    volumeReload: ({ volumeId }) => {
      store.objects.found("vo", volumeId);
      return {};
    },
  };
}

/** What a client is told of a volume. */
export function volumeMetadata(volume: ObjectRecord<"vo">) {
  return { ...objectMetadata(volume), version: volume.content.version } satisfies MessageInitShape<
    typeof VolumeMetadataSchema
  >;
}
