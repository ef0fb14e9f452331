import { AppState } from "../../src/proto/gen/modal_pb.js";
import { FakeModal } from "../client/fakeModal.ts";

/** A server with 1,000 apps, of which each has 10 functions but the last, which has 10,000. */
export async function crowdedServer(): Promise<FakeModal> {
  const fake = await FakeModal.start();
  const apps = Array.from({ length: 1_000 }, (_, index) => ({
    appId: `ap-${index}`,
    name: `app-${String(index).padStart(4, "0")}`,
    state: AppState.DEPLOYED,
    createdAt: index,
  }));
  fake.answer({
    environmentList: () => ({ items: [{ name: "main", default: true }] }),
    appList: () => ({ apps }),
    appGetInfo: () => ({ info: { lifecycle: { version: 3, appState: AppState.DEPLOYED } } }),
    appGetLayout: ({ appId }) => {
      const number = appId === "ap-999" ? 10_000 : 10;
      const names = Array.from({ length: number }, (_, index) => `fn-${index}`);
      const objects = names.map((name) => ({
        objectId: `fu-${appId}-${name}`,
        handleMetadataOneof: { case: "functionHandleMetadata" as const, value: { functionName: name } },
      }));
      const functionIds = Object.fromEntries(names.map((name) => [name, `fu-${appId}-${name}`]));
      return { appLayout: { objects, functionIds } };
    },
  });
  return fake;
}
