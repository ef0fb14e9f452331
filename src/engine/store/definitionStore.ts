import { createHash } from "node:crypto";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type Function as FunctionMessage, FunctionSchema$ } from "../../proto/gen/modal_pb.js";
import type { Database } from "./database.ts";

/**
 * Functions as Modal's own clients define them. A version of an app names the definition of each function
 * (`FunctionDefinition.definition_id`); Modal's container runtime is started with the message itself (protocol 6.4).
 */
export class DefinitionStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * Keeps a definition, inside the caller's transaction. What this engine does not know of the message is kept with it.
   *
   * @returns its id; of the same message for the same function the same one
   */
  add(functionId: string, message: FunctionMessage): string {
    const bytes = toBinary(FunctionSchema$, message);
    const digest = createHash("sha256").update(functionId).update(bytes).digest("hex");
    const definitionId = `de-${digest.slice(0, 22)}`;
    this.#db
      .statement(
        "INSERT INTO function_definitions (definition_id, function_id, message) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      )
      .run(definitionId, functionId, bytes);
    return definitionId;
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
