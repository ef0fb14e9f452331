import { inlineLength, type Payload } from "../payloads/payload.ts";
import type { Database } from "./database.ts";
import { type DeletedPayloads, payloadColumns, payloadFromColumns } from "./payloadColumns.ts";

/** A value that a generator yielded. */
export interface ItemRecord {
  readonly dataFormat: number;
  readonly data: Payload;
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

  insert(callNumber: number, item: StoredItem): void {
    this.#db
      .statement(
        "INSERT INTO data_out (call, item_index, data_format, data, data_file, data_length) VALUES (?, ?, ?, ?, ?, ?)",
      )
      .run(callNumber, item.index, item.dataFormat, ...payloadColumns(item.data));
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
        `SELECT item_index, data_format, data, data_file, data_length FROM data_out WHERE call = ? AND item_index > ?
         ORDER BY item_index LIMIT ?`,
      )
      .iterate(callNumber, index, maxItems);
    const items: StoredItem[] = [];
    let bytes = 0;
    for (const row of rows) {
      const data = payloadFromColumns(row.data, row.data_file, row.data_length);
      bytes += inlineLength(data);
      if (items.length > 0 && bytes > maxBytes) break;
      items.push({ index: Number(row.item_index), dataFormat: Number(row.data_format), data });
    }
    return items;
  }

  /** The files that items name. */
  payloadNames(): string[] {
    const rows = this.#db.statement("SELECT data_file FROM data_out WHERE data_file IS NOT NULL").all();
    return rows.map((row) => String(row.data_file));
  }

  /** Forgets a call's items. */
  delete(callNumber: number): DeletedPayloads {
    const size = this.#db
      .statement("SELECT total(coalesce(data_length, length(data))) AS bytes FROM data_out WHERE call = ?")
      .get(callNumber);
    const files = this.#db
      .statement("SELECT data_file FROM data_out WHERE call = ? AND data_file IS NOT NULL")
      .all(callNumber);
    this.#db.statement("DELETE FROM data_out WHERE call = ?").run(callNumber);
    return { bytes: Number(size?.bytes ?? 0), blobIds: files.map((row) => String(row.data_file)) };
  }
}
