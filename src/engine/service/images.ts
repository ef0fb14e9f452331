import { GenericResult_GenericStatus as GenericStatus } from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import { imagePackages } from "../deploy/imagePackages.ts";
import { digestId } from "../ids.ts";
import type { House, ModalHandlers } from "./house.ts";

const BUILT = { result: { status: GenericStatus.SUCCESS } };

/** The handlers of images. None is built: containers have this machine's interpreter, and what it lacks is said when the app is published. */
export function imageHandlers({ store }: House): ModalHandlers<"imageGetOrCreate" | "imageJoinStreaming"> {
  const theImage = (imageId: string) => {
    const image = store.objects.get("im", imageId);
    if (!image) throw new RpcError(RpcStatus.NOT_FOUND, `There is no image ${imageId} here; deploy the app again.`);
    return image;
  };
  return {
    imageGetOrCreate: async ({ image, existingImageId }) => {
      if (existingImageId) return { imageId: theImage(existingImageId).objectId, ...BUILT };
      if (!image) throw new RpcError(RpcStatus.INVALID_ARGUMENT, "The image has no definition.");
      const base = image.baseImages.flatMap(({ imageId }) => theImage(imageId).content.packages);
      const content = { packages: [...new Set([...base, ...imagePackages(image)])] };
      const objectId = digestId("im", JSON.stringify([image.dockerfileCommands, image.baseImages, content]));
      const made = { objectId, environment: "", name: undefined, content, createdAt: Date.now() / 1_000 };
      await store.database.write(() => store.objects.put<"im">(made));
      return { imageId: objectId, ...BUILT };
    },

    imageJoinStreaming: async function* ({ imageId }) {
      theImage(imageId);
      yield { ...BUILT, eof: true };
    },
  };
}
