import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type Function as FunctionMessage, FunctionSchema$ } from "../../proto/gen/modal_pb.js";
import { digestId } from "../ids.ts";
import type { Database } from "./database.ts";

/**
 * Functions as Modal's own clients define them. A version of an app names the definition of each function
 * (`FunctionDefinition.definition_id`); Modal's container runtime is started with the message itself.
 */
export class DefinitionStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Keeps a definition, inside the caller's transaction. What this engine does not know of the message is kept with it.
   *
   * @param createdAt unix seconds
   * @returns its id; of the same message for the same function the same one
   */
  add(functionId: string, message: FunctionMessage, createdAt: number): string {
    const bytes = toBinary(FunctionSchema$, message);
    // Clients name mounts in the order in which they were made, side by side: it says nothing.
    const ordered = { ...message, mountIds: [...message.mountIds].sort() };
    const definitionId = digestId("de", functionId, toBinary(FunctionSchema$, ordered));
    this.#db
      .statement(
        `INSERT INTO function_definitions (definition_id, function_id, message, created_at) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET created_at = excluded.created_at`,
      )
      .run(definitionId, functionId, bytes, createdAt);
    return definitionId;
  }

  /** Every definition that is kept. */
  messages(): FunctionMessage[] {
    const rows = this.#db.statement("SELECT message FROM function_definitions").all();
    return rows.flatMap(({ message }) => (message instanceof Uint8Array ? [fromBinary(FunctionSchema$, message)] : []));
  }

  /** Deletes definitions that are older than a time (unix seconds) and not among these, inside the caller's transaction. */
  deleteOthers(kept: ReadonlySet<string>, before: number): void {
    this.#db
      .statement(
        `DELETE FROM function_definitions
         WHERE created_at < ? AND definition_id NOT IN (SELECT value FROM json_each(?))`,
      )
      .run(before, JSON.stringify([...kept]));
  }

  /** Undefined when there is no such definition. */
  get(definitionId: string): { readonly functionId: string; readonly message: FunctionMessage } | undefined {
    const row = this.#db
      .statement("SELECT function_id, message FROM function_definitions WHERE definition_id = ?")
      .get(definitionId);
    if (!(row?.message instanceof Uint8Array)) return undefined;
    return { functionId: String(row.function_id), message: fromBinary(FunctionSchema$, row.message) };
  }
}
