import { newId } from "../ids.ts";
import type { Patience } from "../queues/waitingLine.ts";
import type { House, ModalHandlers } from "./house.ts";
import { namedObject, objectMetadata, objectPage } from "./namedObject.ts";

type Names =
  | "queueGetOrCreate"
  | "queueGetById"
  | "queueList"
  | "queueDelete"
  | "queueHeartbeat"
  | "queueClear"
  | "queueLen"
  | "queuePut"
  | "queueGet"
  | "queueNextItems";

/** The handlers of queues. */
export function queueHandlers(house: House): ModalHandlers<Names> {
  const { store, queues, expiry } = house;
  return {
    queueGetOrCreate: async ({ deploymentName, environmentName, objectCreationType }) => {
      const queue = await namedObject(house, {
        kind: "qu",
        environmentName,
        name: deploymentName,
        creationType: objectCreationType,
        make: () => ({ objectId: newId("qu"), content: {} }),
      });
      return { queueId: queue.objectId, metadata: objectMetadata(queue) };
    },

    queueGetById: ({ queueId }) => ({ queueId, metadata: objectMetadata(store.objects.found("qu", queueId)) }),

    // Callers show a size above their limit as "more than" that.
    queueList: ({ environmentName, pagination, totalSizeLimit }) => ({
      queues: objectPage(house, "qu", environmentName, pagination).map((queue) => {
        const { partitions, items } = queues.size(queue.objectId);
        return {
          queueId: queue.objectId,
          name: queue.name ?? "",
          createdAt: queue.createdAt,
          metadata: objectMetadata(queue),
          numPartitions: partitions,
          totalSize: totalSizeLimit > 0 ? Math.min(items, totalSizeLimit + 1) : items,
        };
      }),
      environmentName,
    }),

    queueDelete: async ({ queueId }) => {
      await queues.delete(store.objects.found("qu", queueId).objectId);
      return {};
    },

    queueHeartbeat: ({ queueId }) => {
      expiry.heard(store.objects.found("qu", queueId).objectId);
      return {};
    },

    queueClear: async ({ queueId, partitionKey, allPartitions }) => {
      await (allPartitions ? queues.clearAll(queueId) : queues.clear({ queueId, key: partitionKey }));
      return {};
    },

    queueLen: ({ queueId, partitionKey, total }) => ({
      len: total ? queues.size(queueId).items : queues.length({ queueId, key: partitionKey }),
    }),

    queuePut: async ({ queueId, partitionKey, values, partitionTtlSeconds }) => {
      await queues.put({ queueId, key: partitionKey }, values, partitionTtlSeconds);
      return {};
    },

    queueGet: async ({ queueId, partitionKey, timeout, nValues }, { signal }) => ({
      values: await queues.take({ queueId, key: partitionKey }, nValues, patience(timeout, signal)),
    }),

    queueNextItems: async ({ queueId, partitionKey, lastEntryId, itemPollTimeout }, { signal }) => ({
      items: await queues.next({ queueId, key: partitionKey }, lastEntryId, patience(itemPollTimeout, signal)),
    }),
  };
}

/** Clients count down to their deadline, and may end a little below nothing. */
function patience(seconds: number, signal: AbortSignal): Patience {
  return { timeoutMs: Math.max(0, seconds * 1_000) || 0, signal };
}
