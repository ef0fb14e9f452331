import type { Payload } from "../payloads/payload.ts";
import type { Database } from "./database.ts";
import { payloadColumns, payloadFromColumns } from "./payloadColumns.ts";

export interface DictEntryRecord {
  /** As its client serialized it. */
  readonly key: Uint8Array;
  readonly value: Payload;
  /** Unix seconds; of the last use, within the hour. */
  readonly usedAt: number;
}

/** The entries of dicts. Methods that change something run inside the caller's transaction, and give the files that nothing names any more. */
export class DictStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get(dictId: string, key: Uint8Array): DictEntryRecord | undefined {
    const row = this.#db.statement("SELECT * FROM dict_entries WHERE dict_id = ? AND key = ?").get(dictId, key);
    return row && entryFromRow(row);
  }

  has(dictId: string, key: Uint8Array): boolean {
    return (
      this.#db.statement("SELECT 1 FROM dict_entries WHERE dict_id = ? AND key = ?").get(dictId, key) !== undefined
    );
  }

  put(dictId: string, { key, value, usedAt }: DictEntryRecord): string[] {
    const replaced = this.#db
      .statement("SELECT value_file FROM dict_entries WHERE dict_id = ? AND key = ? AND value_file IS NOT NULL")
      .get(dictId, key);
    this.#db
      .statement(
        `INSERT INTO dict_entries (dict_id, key, used_at, value, value_file, value_length) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (dict_id, key) DO UPDATE SET used_at = excluded.used_at, value = excluded.value,
           value_file = excluded.value_file, value_length = excluded.value_length`,
      )
      .run(dictId, key, usedAt, ...payloadColumns(value));
    return replaced ? [String(replaced.value_file)] : [];
  }

  /** Says that entries were used. */
  touch(dictId: string, keys: readonly Uint8Array[], usedAt: number): void {
    const touch = this.#db.statement("UPDATE dict_entries SET used_at = ? WHERE dict_id = ? AND key = ?");
    for (const key of keys) touch.run(usedAt, dictId, key);
  }

  /** Deletes an entry and returns it. Its file stays for the caller, who reads it. */
  take(dictId: string, key: Uint8Array): Payload | undefined {
    const row = this.#db
      .statement("DELETE FROM dict_entries WHERE dict_id = ? AND key = ? RETURNING value, value_file, value_length")
      .get(dictId, key);
    return row && payloadFromColumns(row.value, row.value_file, row.value_length);
  }

  clear(dictId: string): string[] {
    const files = this.#db
      .statement("SELECT value_file FROM dict_entries WHERE dict_id = ? AND value_file IS NOT NULL")
      .all(dictId);
    this.#db.statement("DELETE FROM dict_entries WHERE dict_id = ?").run(dictId);
    return files.map((row) => String(row.value_file));
  }

  /** How many entries there are, counted up to a limit. */
  count(dictId: string, limit: number): number {
    const row = this.#db
      .statement("SELECT count(*) AS entries FROM (SELECT 1 FROM dict_entries WHERE dict_id = ? LIMIT ?)")
      .get(dictId, limit);
    return Number(row?.entries);
  }

  /** Entries after a key, in an order of their own: as many as fit, but at least one where there is one. */
  after(dictId: string, key: Uint8Array, maxEntries: number, maxBytes: number): DictEntryRecord[] {
    const rows = this.#db
      .statement("SELECT * FROM dict_entries WHERE dict_id = ? AND key > ? ORDER BY key LIMIT ?")
      .iterate(dictId, key, maxEntries);
    const entries: DictEntryRecord[] = [];
    let bytes = 0;
    for (const row of rows) {
      const entry = entryFromRow(row);
      bytes += entry.key.length + entry.value.length;
      if (entries.length > 0 && bytes > maxBytes) break;
      entries.push(entry);
    }
    return entries;
  }

  /** Deletes entries that nobody has used since a time (unix seconds). */
  deleteUnused(before: number, limit: number): { readonly entries: number; readonly blobIds: string[] } {
    const rows = this.#db
      .statement(
        `DELETE FROM dict_entries WHERE number IN (SELECT number FROM dict_entries WHERE used_at < ? LIMIT ?)
         RETURNING value_file`,
      )
      .all(before, limit);
    return { entries: rows.length, blobIds: rows.flatMap((row) => (row.value_file ? [String(row.value_file)] : [])) };
  }

  /** The dicts that have entries. */
  *ids(): Generator<string> {
    for (let last = ""; ; ) {
      const row = this.#db
        .statement("SELECT dict_id FROM dict_entries WHERE dict_id > ? ORDER BY dict_id LIMIT 1")
        .get(last);
      if (!row) return;
      last = String(row.dict_id);
      yield last;
    }
  }

  /** The files that entries name. */
  payloadNames(): string[] {
    const rows = this.#db.statement("SELECT value_file FROM dict_entries WHERE value_file IS NOT NULL").all();
    return rows.map((row) => String(row.value_file));
  }
}

function entryFromRow(row: Record<string, unknown>): DictEntryRecord {
  return {
    key: row.key as Uint8Array,
    value: payloadFromColumns(row.value, row.value_file, row.value_length),
    usedAt: Number(row.used_at),
  };
}
