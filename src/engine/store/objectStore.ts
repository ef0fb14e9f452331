import type { VolumeFsVersion } from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { Database } from "./database.ts";

/** What is kept of an object, by the prefix of its id. */
export interface ObjectContents {
  readonly mo: MountContent;
  readonly im: ImageContent;
  readonly st: SecretContent;
  readonly vo: VolumeContent;
  readonly di: NoContent;
  readonly qu: NoContent;
}

export type ObjectKind = keyof ObjectContents;

/** As users know them. */
export const KIND_WORDS: Readonly<Record<ObjectKind, string>> = {
  mo: "mount",
  im: "image",
  st: "secret",
  vo: "volume",
  di: "dict",
  qu: "queue",
};

/** Local files as containers see them. */
export interface MountContent {
  readonly files: readonly MountedFile[];
}

export interface MountedFile {
  /** Where containers find it: an absolute path with slashes. */
  readonly path: string;
  readonly sha256: string;
  /** Permission bits; undefined for those of new files. */
  readonly mode?: number | undefined;
}

/** What an image would have that an interpreter may lack. */
interface ImageContent {
  /** Requirements as they were written, those of the image that it is built on first. */
  readonly packages: readonly string[];
}

interface SecretContent {
  /** The name of the file with its variables (`VariableFiles`). */
  readonly variables: string;
  /** Names of its variables. */
  readonly keys: readonly string[];
}

interface VolumeContent {
  readonly version: VolumeFsVersion;
}

/** Entries of dicts and items of queues are in tables of their own. */
type NoContent = Readonly<Record<string, never>>;

export interface ObjectRecord<Kind extends ObjectKind> {
  readonly objectId: string;
  /** Empty for one that belongs to no environment. */
  readonly environment: string;
  /** Undefined for one that only its id finds. */
  readonly name: string | undefined;
  readonly content: ObjectContents[Kind];
  /** Unix seconds. */
  readonly createdAt: number;
}

/** Mounts, images, secrets, volumes, dicts and queues: what functions name, and clients make before them. */
export class ObjectStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  get<Kind extends ObjectKind>(kind: Kind, objectId: string): ObjectRecord<Kind> | undefined {
    if (!objectId.startsWith(`${kind}-`)) return undefined;
    const row = this.#db.statement("SELECT * FROM objects WHERE object_id = ?").get(objectId);
    return row && objectFromRow(row);
  }

  /** @throws RpcError NOT_FOUND */
  found<Kind extends ObjectKind>(kind: Kind, objectId: string): ObjectRecord<Kind> {
    const found = this.get(kind, objectId);
    if (found) return found;
    const message = `There is no ${KIND_WORDS[kind]} ${objectId}; it was deleted, or look it up by its name.`;
    throw new RpcError(RpcStatus.NOT_FOUND, message);
  }

  named<Kind extends ObjectKind>(kind: Kind, environment: string, name: string): ObjectRecord<Kind> | undefined {
    const row = this.#db
      .statement("SELECT * FROM objects WHERE substr(object_id, 1, 2) = ? AND environment = ? AND name = ?")
      .get(kind, environment, name);
    return row && objectFromRow(row);
  }

  all<Kind extends ObjectKind>(kind: Kind): ObjectRecord<Kind>[] {
    return this.#db
      .statement("SELECT * FROM objects WHERE substr(object_id, 1, 2) = ?")
      .all(kind)
      .map((row) => objectFromRow(row));
  }

  /** Those of an environment that were made before a time (unix seconds), the newest first. */
  ofEnvironment<Kind extends ObjectKind>(
    kind: Kind,
    environment: string,
    page: { readonly before: number; readonly limit: number },
  ): ObjectRecord<Kind>[] {
    return this.#db
      .statement(
        `SELECT * FROM objects
         WHERE substr(object_id, 1, 2) = ? AND environment = ? AND name IS NOT NULL AND created_at < ?
         ORDER BY created_at DESC LIMIT ?`,
      )
      .all(kind, environment, page.before, page.limit)
      .map((row) => objectFromRow(row));
  }

  /** Inside the caller's transaction. */
  rename(objectId: string, name: string): void {
    this.#db.statement("UPDATE objects SET name = ? WHERE object_id = ?").run(name, objectId);
  }

  /** Forgets an object, inside the caller's transaction. */
  delete(objectId: string): void {
    this.#db.statement("DELETE FROM objects WHERE object_id = ?").run(objectId);
  }

  /**
   * Deletes objects without a name that are older than a time (unix seconds) and not among these, inside the caller's transaction. Dicts and
   * queues without a name live as long as somebody says that they are in use.
   */
  deleteOthers(kept: ReadonlySet<string>, before: number): void {
    this.#db
      .statement(
        `DELETE FROM objects
         WHERE name IS NULL AND created_at < ? AND object_id NOT IN (SELECT value FROM json_each(?))
           AND substr(object_id, 1, 2) NOT IN ('di', 'qu')`,
      )
      .run(before, JSON.stringify([...kept]));
  }

  /** Keeps an object, inside the caller's transaction. One of the same id takes the new content. */
  put<Kind extends ObjectKind>({ objectId, environment, name, content, createdAt }: ObjectRecord<Kind>): void {
    this.#db
      .statement(
        `INSERT INTO objects (object_id, environment, name, content, created_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (object_id) DO UPDATE SET content = excluded.content, created_at = excluded.created_at`,
      )
      .run(objectId, environment, name ?? null, JSON.stringify(content), createdAt);
  }
}

function objectFromRow<Kind extends ObjectKind>(row: Record<string, unknown>): ObjectRecord<Kind> {
  return {
    objectId: String(row.object_id),
    environment: String(row.environment),
    name: row.name === null ? undefined : String(row.name),
    content: JSON.parse(String(row.content)) as ObjectContents[Kind],
    createdAt: Number(row.created_at),
  };
}
