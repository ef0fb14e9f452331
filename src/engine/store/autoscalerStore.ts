import type { AutoscalerOverride } from "../scheduler/scaling.ts";
import type { Database } from "./database.ts";

/** Autoscaler settings that were changed since a deployment. The next deployment leaves them behind, as Modal's do. */
export class AutoscalerStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** @param version of the function's app: what was changed in another one does not count */
  override(functionId: string, version: number): AutoscalerOverride {
    const row = this.#db
      .statement("SELECT settings FROM autoscaler_overrides WHERE function_id = ? AND version = ?")
      .get(functionId, version);
    return row ? (JSON.parse(String(row.settings)) as AutoscalerOverride) : {};
  }

  /** Inside the caller's transaction. */
  setOverride(functionId: string, version: number, override: AutoscalerOverride): void {
    this.#db
      .statement(
        `INSERT INTO autoscaler_overrides (function_id, version, settings) VALUES (?, ?, ?)
           ON CONFLICT (function_id) DO UPDATE SET version = excluded.version, settings = excluded.settings`,
      )
      .run(functionId, version, JSON.stringify(override));
  }
}
