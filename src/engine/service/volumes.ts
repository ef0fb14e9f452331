import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { VolumeFsVersion } from "../../proto/gen/modal_pb.js";
import { newId } from "../ids.ts";
import type { House, ModalHandlers } from "./house.ts";
import { namedObject } from "./namedObject.ts";
import { userName } from "./workspace.ts";

/** The handlers of volumes: each is a folder of the data folder. */
export function volumeHandlers(house: House): ModalHandlers<"volumeGetOrCreate"> {
  return {
    volumeGetOrCreate: async ({ deploymentName, environmentName, objectCreationType, version: wanted }) => {
      const {
        objectId,
        content,
        createdAt,
        name = "",
      } = await namedObject(house, {
        kind: "vo",
        environmentName,
        name: deploymentName,
        creationType: objectCreationType,
        make: () => ({ objectId: newId("vo"), content: { version: wanted || VolumeFsVersion.V1 } }),
      });
      mkdirSync(volumeFolder(house, objectId), { recursive: true, mode: 0o700 });
      const { version } = content;
      const creationInfo = { createdAt, createdBy: userName() };
      return { volumeId: objectId, version, metadata: { version, name, creationInfo } };
    },
  };
}

/** Where the files of a volume are. */
function volumeFolder({ folder }: House, volumeId: string): string {
  return join(folder, "volumes", volumeId);
}
