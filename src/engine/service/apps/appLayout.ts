import type { MessageInitShape } from "@bufbuild/protobuf";
import type { AppLayoutSchema } from "../../../proto/gen/modal_pb.js";
import type { AppRecord } from "../../store/appStore.ts";
import { classIdOf, classMetadata } from "../functions/classes.ts";
import { functionMetadata } from "../functions/functionMetadata.ts";
import type { House } from "../house.ts";

/** The functions and classes of a version of an app, with all that clients need to know of them. */
export function appLayout(house: House, app: AppRecord): MessageInitShape<typeof AppLayoutSchema> {
  const functions = functionsOf(house, app);
  const functionIds = Object.fromEntries(functions.map(({ name, functionId }) => [name, functionId]));
  const objects = functions.map(({ functionId, definition }) => ({
    objectId: functionId,
    handleMetadataOneof: {
      case: "functionHandleMetadata" as const,
      value: functionMetadata(house, app.appId, definition),
    },
  }));
  const classes = functions.filter(({ definition }) => definition.cls);
  const classIds = Object.fromEntries(
    classes.map(({ functionId, definition }) => [definition.cls?.name, classIdOf(functionId)]),
  );
  const classObjects = classes.map(({ functionId, definition }) => ({
    objectId: classIdOf(functionId),
    handleMetadataOneof: {
      case: "classHandleMetadata" as const,
      value: classMetadata(house, functionId, app.appId, definition),
    },
  }));
  return { objects: [...objects, ...classObjects], functionIds, classIds };
}

/** In the order of its file. */
function functionsOf({ store }: House, app: AppRecord) {
  const ids = new Map(store.apps.functions(app.appId).map(({ name, functionId }) => [name, functionId]));
  return app.definition.functions.flatMap((definition) => {
    const functionId = ids.get(definition.name);
    return functionId === undefined ? [] : [{ name: definition.name, functionId, definition }];
  });
}
