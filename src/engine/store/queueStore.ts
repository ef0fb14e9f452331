import type { Payload } from "../payloads/payload.ts";
import type { Database } from "./database.ts";
import { payloadColumns, payloadFromColumns } from "./payloadColumns.ts";

/** One of the lines in a queue. */
export interface Partition {
  readonly queueId: string;
  /** No bytes name the one that every queue has. */
  readonly key: Uint8Array;
}

export interface QueueItemRecord {
  /** Later items have higher ones, in whichever queue. */
  readonly number: number;
  readonly value: Payload;
}

/** How much is read at once: at least one where there is one. */
export interface QueueReadLimits {
  readonly maxItems: number;
  readonly maxBytes: number;
}

/**
 * The items of queues. A partition is there as long as it has items and its time is not over; what is left of others is deleted sooner or later.
 * Times are unix seconds. Methods that change something run inside the caller's transaction.
 */
export class QueueStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** How many items a partition has. */
  length({ queueId, key }: Partition, now: number): number {
    const row = this.#db
      .statement("SELECT items FROM queue_partitions WHERE queue_id = ? AND partition_key = ? AND expires_at > ?")
      .get(queueId, key, now);
    return Number(row?.items ?? 0);
  }

  /** How many partitions and items a queue has. */
  size(queueId: string, now: number): { readonly partitions: number; readonly items: number } {
    const row = this.#db
      .statement(
        "SELECT count(*) AS partitions, total(items) AS items FROM queue_partitions WHERE queue_id = ? AND expires_at > ?",
      )
      .get(queueId, now);
    return { partitions: Number(row?.partitions), items: Number(row?.items) };
  }

  /** Adds items at the end. Those that the partition has must not have expired. */
  append({ queueId, key }: Partition, values: readonly Payload[], expiresAt: number): void {
    this.#db
      .statement(
        `INSERT INTO queue_partitions (queue_id, partition_key, items, expires_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (queue_id, partition_key) DO UPDATE SET items = items + excluded.items, expires_at = excluded.expires_at`,
      )
      .run(queueId, key, values.length, expiresAt);
    const insert = this.#db.statement(
      "INSERT INTO queue_items (queue_id, partition_key, value, value_file, value_length) VALUES (?, ?, ?, ?, ?)",
    );
    for (const value of values) insert.run(queueId, key, ...payloadColumns(value));
  }

  /** Deletes the first items and returns them. Their files stay for the caller, who reads them. */
  take(partition: Partition, limits: QueueReadLimits, now: number): Payload[] {
    const items = this.after(partition, 0, limits, now);
    const last = items.at(-1);
    if (!last) return [];
    const { queueId, key } = partition;
    this.#db
      .statement("DELETE FROM queue_items WHERE queue_id = ? AND partition_key = ? AND number <= ?")
      .run(queueId, key, last.number);
    this.#db
      .statement("UPDATE queue_partitions SET items = items - ? WHERE queue_id = ? AND partition_key = ?")
      .run(items.length, queueId, key);
    this.#db
      .statement("DELETE FROM queue_partitions WHERE queue_id = ? AND partition_key = ? AND items = 0")
      .run(queueId, key);
    return items.map(({ value }) => value);
  }

  /** Items after a number, in order. */
  after(partition: Partition, number: number, { maxItems, maxBytes }: QueueReadLimits, now: number): QueueItemRecord[] {
    if (this.length(partition, now) === 0) return [];
    const rows = this.#db
      .statement(
        `SELECT number, value, value_file, value_length FROM queue_items
         WHERE queue_id = ? AND partition_key = ? AND number > ? ORDER BY number LIMIT ?`,
      )
      .iterate(partition.queueId, partition.key, number, maxItems);
    const items: QueueItemRecord[] = [];
    let bytes = 0;
    for (const row of rows) {
      const value = payloadFromColumns(row.value, row.value_file, row.value_length);
      bytes += value.length;
      if (items.length > 0 && bytes > maxBytes) break;
      items.push({ number: Number(row.number), value });
    }
    return items;
  }

  /** Deletes a partition and returns the files that nothing names any more. */
  clear({ queueId, key }: Partition): string[] {
    const files = this.#db
      .statement(`DELETE FROM queue_items WHERE queue_id = ? AND partition_key = ? RETURNING value_file`)
      .all(queueId, key);
    this.#db.statement("DELETE FROM queue_partitions WHERE queue_id = ? AND partition_key = ?").run(queueId, key);
    return files.flatMap((row) => (row.value_file ? [String(row.value_file)] : []));
  }

  /** Deletes all partitions of a queue and returns the files that nothing names any more. */
  clearAll(queueId: string): string[] {
    const rows = this.#db.statement("SELECT partition_key FROM queue_partitions WHERE queue_id = ?").all(queueId);
    return rows.flatMap((row) => this.clear({ queueId, key: row.partition_key as Uint8Array }));
  }

  /** Partitions whose time is over. */
  expired(now: number, limit: number): Partition[] {
    return this.#db
      .statement("SELECT queue_id, partition_key FROM queue_partitions WHERE expires_at <= ? LIMIT ?")
      .all(now, limit)
      .map((row) => ({ queueId: String(row.queue_id), key: row.partition_key as Uint8Array }));
  }

  /** The queues that have items. */
  *ids(): Generator<string> {
    for (let last = ""; ; ) {
      const row = this.#db
        .statement("SELECT queue_id FROM queue_partitions WHERE queue_id > ? ORDER BY queue_id LIMIT 1")
        .get(last);
      if (!row) return;
      last = String(row.queue_id);
      yield last;
    }
  }

  /** The files that items name. */
  payloadNames(): string[] {
    const rows = this.#db.statement("SELECT value_file FROM queue_items WHERE value_file IS NOT NULL").all();
    return rows.map((row) => String(row.value_file));
  }
}
