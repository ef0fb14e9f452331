import { ObjectCreationType } from "../../proto/gen/modal_pb.js";
import { newId } from "../ids.ts";
import { QueueFullError } from "../queues/queues.ts";
import type { ObjectRecord } from "../store/objectStore.ts";
import type { Partition } from "../store/queueStore.ts";
import { environmentNamed } from "./house.ts";
import { namedObject, noObject, objectMetadata, objectPage } from "./namedObject.ts";
import { type Answer, type Asked, askingApp, type Params, wrongParam } from "./pythonRequest.ts";

type SharedKind = "di" | "qu";

/** What user code asks of dicts and queues. Keys and values stand one after another in the payload, with their sizes in `parts`. */
export const sharedObjectAnswers: Readonly<Record<string, Answer>> = {
  object_open: async (house, params) => {
    const kind = kindOf(params);
    const objectId = params.text("object_id");
    const found = objectId ? house.store.objects.found(kind, objectId) : await opened(house, kind, params);
    return { value: objectValue(found) };
  },

  object_list: (house, params) => {
    const pagination = { createdBefore: params.number("before"), maxObjects: 0 };
    const objects = objectPage(house, kindOf(params), environmentOf(house, params), pagination);
    return { value: { objects: objects.map(objectValue) } };
  },

  object_delete: async (house, params) => {
    const objectId = params.text("object_id") || idOfNamed(house, params);
    if (objectId.startsWith("di-")) await house.dicts.delete(objectId);
    else if (objectId) await house.queues.delete(objectId);
    return { value: {} };
  },

  object_heartbeat: ({ expiry }, params) => {
    expiry.heard(params.text("object_id"));
    return { value: {} };
  },

  dict_get: ({ dicts }, params, { payload }) => foundReply(dicts.get(params.text("object_id"), payload)),

  dict_pop: async ({ dicts }, params, { payload }) => foundReply(await dicts.pop(params.text("object_id"), payload)),

  dict_has: ({ dicts }, params, { payload }) => ({ value: { found: dicts.has(params.text("object_id"), payload) } }),

  dict_length: ({ dicts }, params) => ({ value: { length: dicts.length(params.text("object_id")) } }),

  dict_clear: async ({ dicts }, params) => {
    await dicts.clear(params.text("object_id"));
    return { value: {} };
  },

  dict_update: async ({ dicts }, params, { payload }) => {
    const parts = partsOf(params, payload);
    const entries = parts.flatMap((key, index) => (index % 2 === 0 ? [{ key, value: parts[index + 1] ?? key }] : []));
    return { value: { is_put: await dicts.update(params.text("object_id"), entries, params.flag("only_new")) } };
  },

  dict_page: ({ dicts }, params, { payload }) => {
    const page = dicts.page(params.text("object_id"), payload, params.flag("values"));
    return partsReply(page.flatMap(({ key, value }) => [key, value]));
  },

  queue_put: async ({ queues }, params, { payload }) => {
    try {
      await queues.put(partitionOf(params), partsOf(params, payload), params.number("ttl_s"));
      return { value: { full: "" } };
    } catch (error) {
      if (error instanceof QueueFullError) return { value: { full: error.message } };
      throw error;
    }
  },

  queue_get: async ({ queues }, params, { signal }) => {
    const patience = { timeoutMs: params.number("timeout_s") * 1_000, signal };
    return partsReply(await queues.take(partitionOf(params), params.number("count"), patience));
  },

  queue_next: async ({ queues }, params, { signal }) => {
    const patience = { timeoutMs: params.number("timeout_s") * 1_000, signal };
    const items = await queues.next(partitionOf(params), params.text("after"), patience);
    const { value, payload } = partsReply(items.map((item) => item.value));
    return { value: { ...value, last_id: items.at(-1)?.entryId ?? "" }, payload };
  },

  queue_length: ({ queues }, params) => {
    const partition = partitionOf(params);
    return {
      value: { length: params.flag("total") ? queues.size(partition.queueId).items : queues.length(partition) },
    };
  },

  queue_clear: async ({ queues }, params) => {
    const partition = partitionOf(params);
    await (params.flag("all") ? queues.clearAll(partition.queueId) : queues.clear(partition));
    return { value: {} };
  },
};

function opened(house: Asked, kind: SharedKind, params: Params): Promise<ObjectRecord<SharedKind>> {
  return namedObject<SharedKind>(house, {
    kind,
    environmentName: environmentOf(house, params),
    name: params.text("name"),
    creationType: creationType(params),
    make: () => ({ objectId: newId(kind), content: {} }),
  });
}

function creationType(params: Params): ObjectCreationType {
  if (params.flag("ephemeral")) return ObjectCreationType.EPHEMERAL;
  if (params.flag("must_be_new")) return ObjectCreationType.CREATE_FAIL_IF_EXISTS;
  return params.flag("create") ? ObjectCreationType.CREATE_IF_MISSING : ObjectCreationType.UNSPECIFIED;
}

/** Empty where there is none of that name, and that is allowed. */
function idOfNamed(house: Asked, params: Params): string {
  const [kind, name] = [kindOf(params), params.text("name")];
  const environment = environmentOf(house, params);
  const named = house.store.objects.named(kind, environment, name);
  if (named || params.flag("allow_missing")) return named?.objectId ?? "";
  throw noObject(kind, name, environment);
}

function environmentOf(house: Asked, params: Params): string {
  return environmentNamed(params.text("environment") || (askingApp(house)?.environment ?? ""));
}

function kindOf(params: Params): SharedKind {
  const kind = params.text("kind");
  if (kind === "di" || kind === "qu") return kind;
  throw wrongParam("kind", "di or qu");
}

function objectValue(record: ObjectRecord<SharedKind>) {
  const { name, creationInfo } = objectMetadata(record);
  return { object_id: record.objectId, name, created_at: creationInfo.createdAt, created_by: creationInfo.createdBy };
}

function partitionOf(params: Params): Partition {
  return { queueId: params.text("object_id"), key: Buffer.from(params.text("partition")) };
}

function foundReply(value: Uint8Array | undefined) {
  return value ? { value: { found: true }, payload: value } : { value: { found: false } };
}

function partsOf(params: Params, payload: Uint8Array): Uint8Array[] {
  let offset = 0;
  return params.list("parts").map((part) => {
    const start = offset;
    offset += part.number("size");
    return payload.subarray(start, offset);
  });
}

function partsReply(parts: readonly Uint8Array[]) {
  return { value: { parts: parts.map(({ length }) => ({ size: length })) }, payload: Buffer.concat(parts) };
}
