import type { Database } from "./database.ts";

/** What was set for the data folder, by name, as JSON. */
export class SettingsStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Undefined when it was never set. */
  get(name: string): unknown {
    const row = this.#db.statement("SELECT value FROM settings WHERE name = ?").get(name);
    return row && JSON.parse(String(row.value));
  }

  set(name: string, value: unknown): Promise<void> {
    return this.#db.write(() => {
      this.#db
        .statement("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value")
        .run(name, JSON.stringify(value));
    });
  }
}
