import { newId } from "../ids.ts";
import type { Database } from "./database.ts";

/** An environment: apps of the same name may be in several. */
export interface EnvironmentRecord {
  readonly name: string;
  readonly environmentId: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** The environments that exist. The default one always does. */
export class EnvironmentStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** By name. */
  list(): EnvironmentRecord[] {
    return this.#db.statement("SELECT * FROM environments ORDER BY name").all().map(environmentFromRow);
  }

  get(name: string): EnvironmentRecord | undefined {
    const row = this.#db.statement("SELECT * FROM environments WHERE name = ?").get(name);
    return row && environmentFromRow(row);
  }

  /** Makes an environment where there is none of that name, inside the caller's transaction. */
  add(name: string, createdAt: number): void {
    this.#db
      .statement("INSERT INTO environments (name, environment_id, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
      .run(name, newId("en"), createdAt);
  }

  /** Names an environment anew for all that is in it, inside the caller's transaction. */
  rename(name: string, newName: string): void {
    this.#db.statement("UPDATE environments SET name = ? WHERE name = ?").run(newName, name);
    this.#db.statement("UPDATE apps SET environment = ? WHERE environment = ?").run(newName, name);
    this.#db.statement("UPDATE objects SET environment = ? WHERE environment = ?").run(newName, name);
  }

  /** Forgets an environment with the named objects in it, inside the caller's transaction. Its apps, which were stopped before, stay as history. */
  delete(name: string): void {
    this.#db.statement("DELETE FROM environments WHERE name = ?").run(name);
    this.#db.statement("DELETE FROM objects WHERE environment = ?").run(name);
  }
}

function environmentFromRow(row: Record<string, unknown>): EnvironmentRecord {
  return {
    name: String(row.name),
    environmentId: String(row.environment_id),
    createdAt: Number(row.created_at),
  };
}
