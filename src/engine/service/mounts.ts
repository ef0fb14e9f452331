import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { ObjectCreationType } from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import { digestId } from "../ids.ts";
import { mountedPath } from "../mounts/mountedFiles.ts";
import type { MountContent } from "../store/objectStore.ts";
import type { House, ModalHandlers } from "./house.ts";
import { namedObject } from "./namedObject.ts";

/** Mounts that Modal publishes itself: its own package, and Pythons for images that lack one. Containers here have their interpreter. */
const MODALS_OWN = /^(modal|python-build-standalone)[-.]/;

type Names = "mountGetOrCreate" | "mountBatchedCheckExistence" | "mountPutFile";

/** The handlers of mounts: local files that go with a deployment. */
export function mountHandlers(house: House): ModalHandlers<Names> {
  const { mounts } = house;
  return {
    mountBatchedCheckExistence: ({ sha256HexHashes }) => ({
      missingSha256HexHashes: sha256HexHashes.filter((sha256) => !mounts.has(sha256)),
    }),

    // Without content it asks whether the file is there by now.
    mountPutFile: async ({ sha256Hex, dataOneof }) => {
      const content = dataOneof.case === "dataBlobId" ? await uploaded(house, dataOneof.value) : dataOneof.value;
      if (content === undefined) return { exists: mounts.has(sha256Hex) };
      if (createHash("sha256").update(content).digest("hex") !== sha256Hex) {
        throw new RpcError(
          RpcStatus.INVALID_ARGUMENT,
          `The file is not the one with the SHA-256 ${sha256Hex}; was it changed while it was uploaded?`,
        );
      }
      mounts.add(sha256Hex, content);
      return { exists: true };
    },

    mountGetOrCreate: async (request) => {
      const { deploymentName, environmentName, objectCreationType, files } = request;
      const isLookUp = objectCreationType === ObjectCreationType.UNSPECIFIED;
      const content: MountContent = {
        files: files.map(({ filename, sha256Hex, mode }) => ({ path: mountedPath(filename), sha256: sha256Hex, mode })),
      };
      const missing = content.files.find(({ sha256 }) => !mounts.has(sha256));
      if (missing) {
        throw new RpcError(
          RpcStatus.FAILED_PRECONDITION,
          `The file ${missing.path} of the mount was not uploaded yet.`,
        );
      }
      const isOurs = isLookUp && MODALS_OWN.test(deploymentName);
      const { objectId, content: kept } = await namedObject(house, {
        kind: "mo",
        environmentName,
        name: deploymentName,
        creationType: isOurs ? ObjectCreationType.CREATE_IF_MISSING : objectCreationType,
        make: () => ({ objectId: digestId("mo", deploymentName, JSON.stringify(content)), content }),
      });
      const checksum = createHash("sha256").update(JSON.stringify(kept.files)).digest("hex");
      return { mountId: objectId, handleMetadata: { contentChecksumSha256Hex: checksum } };
    },
  };
}

function uploaded({ payloads }: House, blobId: string): Promise<Uint8Array> {
  const found = payloads.find(blobId);
  if (!found) throw new RpcError(RpcStatus.NOT_FOUND, `There is no blob ${blobId}; upload it again.`);
  return readFile(found.path);
}
