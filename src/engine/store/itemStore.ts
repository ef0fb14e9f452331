import type { Database } from "./database.ts";

/** A value that a generator yielded. */
export interface ItemRecord {
  readonly dataFormat: number;
  readonly data: Uint8Array;
}

export interface StoredItem extends ItemRecord {
  /** Its place in its call, from 1. */
  readonly index: number;
}

/** What generators yielded, by number of their call. Methods that change something run inside the caller's transaction. */
export class ItemStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  insert(callNumber: number, index: number, item: ItemRecord): void {
    this.#db
      .statement("INSERT INTO data_out (call, item_index, data_format, data) VALUES (?, ?, ?, ?)")
      .run(callNumber, index, item.dataFormat, item.data);
  }

  /** How many items a call has, and whether a reader was given some of them. */
  progress(callNumber: number): { items: number; isRead: boolean } {
    const row = this.#db
      .statement(
        `SELECT items_read, (SELECT max(item_index) FROM data_out WHERE call = number) AS items
         FROM function_calls WHERE number = ?`,
      )
      .get(callNumber);
    return { items: Number(row?.items ?? 0), isRead: row?.items_read === 1 };
  }

  markRead(callNumber: number): void {
    this.#db.statement("UPDATE function_calls SET items_read = 1 WHERE number = ?").run(callNumber);
  }

  /** Items after an index, in order: as many as fit, but at least one where there is one. */
  after(callNumber: number, index: number, maxItems: number, maxBytes: number): StoredItem[] {
    const rows = this.#db
      .statement(
        "SELECT item_index, data_format, data FROM data_out WHERE call = ? AND item_index > ? ORDER BY item_index LIMIT ?",
      )
      .iterate(callNumber, index, maxItems);
    const items: StoredItem[] = [];
    let bytes = 0;
    for (const row of rows) {
      const data = row.data instanceof Uint8Array ? row.data : new Uint8Array();
      bytes += data.length;
      if (items.length > 0 && bytes > maxBytes) break;
      items.push({ index: Number(row.item_index), dataFormat: Number(row.data_format), data });
    }
    return items;
  }

  /** Forgets a call's items; the bytes of them are returned. */
  delete(callNumber: number): number {
    const size = this.#db
      .statement("SELECT coalesce(sum(length(data)), 0) AS bytes FROM data_out WHERE call = ?")
      .get(callNumber);
    this.#db.statement("DELETE FROM data_out WHERE call = ?").run(callNumber);
    return Number(size?.bytes ?? 0);
  }
}
