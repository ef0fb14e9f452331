import { newId } from "../ids.ts";
import type { House, ModalHandlers } from "./house.ts";
import { namedObject, objectMetadata, objectPage } from "./namedObject.ts";

type Names =
  | "dictGetOrCreate"
  | "dictGetById"
  | "dictList"
  | "dictDelete"
  | "dictHeartbeat"
  | "dictClear"
  | "dictLen"
  | "dictGet"
  | "dictContains"
  | "dictUpdate"
  | "dictPop"
  | "dictContents";

/** The handlers of dicts. */
export function dictHandlers(house: House): ModalHandlers<Names> {
  const { store, dicts, expiry } = house;
  return {
    dictGetOrCreate: async ({ deploymentName, environmentName, objectCreationType, data }) => {
      let isNew = false;
      const dict = await namedObject(house, {
        kind: "di",
        environmentName,
        name: deploymentName,
        creationType: objectCreationType,
        make: () => {
          isNew = true;
          return { objectId: newId("di"), content: {} };
        },
      });
      if (isNew && data.length > 0) await dicts.update(dict.objectId, data); // Clients before 1.4 make some with entries.
      return { dictId: dict.objectId, metadata: objectMetadata(dict) };
    },

    dictGetById: ({ dictId }) => ({ dictId, metadata: objectMetadata(store.objects.found("di", dictId)) }),

    dictList: ({ environmentName, pagination }) => ({
      dicts: objectPage(house, "di", environmentName, pagination).map((dict) => ({
        dictId: dict.objectId,
        name: dict.name ?? "",
        createdAt: dict.createdAt,
        metadata: objectMetadata(dict),
      })),
      environmentName,
    }),

    dictDelete: async ({ dictId }) => {
      await dicts.delete(store.objects.found("di", dictId).objectId);
      return {};
    },

    dictHeartbeat: ({ dictId }) => {
      expiry.heard(store.objects.found("di", dictId).objectId);
      return {};
    },

    dictClear: async ({ dictId }) => {
      await dicts.clear(dictId);
      return {};
    },

    dictLen: ({ dictId }) => ({ len: dicts.length(dictId) }),

    dictGet: ({ dictId, key }) => foundValue(dicts.get(dictId, key)),

    dictContains: ({ dictId, key }) => ({ found: dicts.has(dictId, key) }),

    dictUpdate: async ({ dictId, updates, ifNotExists }) => ({
      created: await dicts.update(dictId, updates, ifNotExists),
    }),

    dictPop: async ({ dictId, key }) => foundValue(await dicts.pop(dictId, key)),

    dictContents: async function* ({ dictId, keys, values }) {
      let page = dicts.page(dictId, new Uint8Array(), values);
      while (page.length > 0) {
        for (const { key, value } of page) yield { ...(keys && { key }), ...(values && { value }) };
        page = dicts.page(dictId, page.at(-1)?.key ?? new Uint8Array(), values);
      }
    },
  };
}

function foundValue(value: Uint8Array | undefined): { found: boolean; value?: Uint8Array } {
  return value ? { found: true, value } : { found: false };
}
