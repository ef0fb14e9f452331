import * as sqliteModule from "node:sqlite";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { migrations } from "./migrations.ts";
import { NotStoredError, sqliteCode } from "./notStoredError.ts";

/** What `PRAGMA auto_vacuum` says of a file that shrinks in steps. */
const INCREMENTAL = 2;
const PAGES_RELEASED_AT_ONCE = 250;
/** The log goes to the file when it is so long, each page having 4 KiB: all else stands still meanwhile, so it goes in small portions. Large
 * values are files of their own. */
const CHECKPOINT_PAGES = 1_000;
/** Without a write for so long, nobody waits while the log goes to the file. */
const QUIET_MS = 250;

/** The data folder cannot be used, said as one sentence. */
export class DataFolderError extends Error {
  override readonly name = "DataFolderError";
  readonly inUse: boolean;

  constructor(message: string, options: { inUse?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.inUse = options.inUse ?? false;
  }
}

/** What waits for the next grouped transaction. */
interface Write {
  write(): void;
  beside(): void;
  resolve(): void;
  reject(reason: unknown): void;
}

/**
 * One SQLite connection with grouped writes: everything that was handed to {@link write} in one turn of the event loop is one
 * transaction, and its promise settles after the commit. So an acknowledgement that waits for it is durable, and costs
 * a commit per turn instead of one per input.
 */
export class Database {
  readonly #sqlite: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #quiet: NodeJS.Timeout | undefined;
  #batch: Write[] = [];

  /** @param path a file, or ":memory:" */
  constructor(path: string) {
    this.#sqlite = open(path);
  }

  /**
   * The prepared statement of a text, made once. Its parameters are plain question marks: numbered ones (`?1`) are refused by Node.js 22.15,
   * which is that of VS Code 1.101.
   */
  statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#sqlite.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /**
   * Runs `write` in the next grouped transaction and resolves with what it returned. Rejects, and nothing of that transaction
   * stays, when any of its writes or the commit fails: with a {@link NotStoredError} for a full disk and its likes.
   *
   * @param beside begins what others may do while the commit goes on, when all of the transaction is written. Whoever passes it takes that back
   *   where this rejects
   */
  write<T>(write: () => T, beside: (written: T) => void = () => {}): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#batch.length === 0) setImmediate(() => this.flush());
      let result: T;
      this.#batch.push({
        write: () => {
          result = write();
        },
        beside: () => beside(result),
        resolve: () => resolve(result),
        reject,
      });
    });
  }

  /** Commits what is waiting, now. */
  flush(): void {
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    try {
      this.transaction(() => {
        for (const { write } of batch) write();
        for (const { beside } of batch) beside();
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const { resolve } of batch) resolve();
    this.#checkpointWhenQuiet();
  }

  /**
   * Runs `write` in a transaction of its own, at once.
   *
   * @throws NotStoredError when the store does not take it, or else what `write` throws
   */
  transaction<T>(write: () => T): T {
    try {
      this.statement("BEGIN IMMEDIATE").run();
      const result = write();
      this.statement("COMMIT").run();
      return result;
    } catch (error) {
      // A full disk may have ended the transaction already; a second error would hide the first.
      if (this.#sqlite.isTransaction) this.#sqlite.exec("ROLLBACK");
      throw sqliteCode(error) === undefined ? error : new NotStoredError(error);
    }
  }

  /** Grows with every row that is changed. */
  get changes(): number {
    return Number(this.statement("SELECT total_changes() AS changes").get()?.changes);
  }

  /** Bytes of the file that hold something, without what deleted rows have left free. */
  get usedBytes(): number {
    return (this.#pragma("page_count") - this.#freePages) * this.#pragma("page_size");
  }

  /** Gives some of the space of deleted rows back to the disk; false when none is left. */
  releaseSpace(): boolean {
    if (this.#freePages > 0 && this.#pragma("auto_vacuum") === INCREMENTAL) {
      this.#sqlite.exec(`PRAGMA incremental_vacuum(${PAGES_RELEASED_AT_ONCE})`);
    }
    const isMore = this.#freePages > 0 && this.#pragma("auto_vacuum") === INCREMENTAL;
    if (isMore) this.#checkpoint();
    else this.#sqlite.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return isMore;
  }

  /** Makes the file of an older version one that {@link releaseSpace} can shrink. Takes about a second for each 200 MB. */
  modernize(): void {
    if (this.#pragma("auto_vacuum") !== INCREMENTAL) this.#sqlite.exec("PRAGMA auto_vacuum = INCREMENTAL; VACUUM");
  }

  /** Copies all that is committed to a new file, while work goes on. */
  async copyTo(path: string): Promise<void> {
    // In Node from 22.16 on; the editor's may be older. https://nodejs.org/api/sqlite.html
    if (sqliteModule.backup) await sqliteModule.backup(this.#sqlite, path);
    else this.statement("VACUUM INTO ?").run(path);
  }

  close(): void {
    this.flush();
    clearTimeout(this.#quiet);
    this.#sqlite.close();
  }

  /** Moves what was written from the log to the file. */
  #checkpoint(): void {
    try {
      this.#sqlite.exec("PRAGMA wal_checkpoint(PASSIVE)");
    } catch {
      // The disk is full, or fails. What was written is in the log, and stays there.
    }
  }

  #checkpointWhenQuiet(): void {
    if (this.#quiet) this.#quiet.refresh();
    else this.#quiet = setTimeout(() => this.#checkpoint(), QUIET_MS).unref();
  }

  get #freePages(): number {
    return this.#pragma("freelist_count");
  }

  #pragma(name: string): number {
    return Number(Object.values(this.#sqlite.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
  }
}

function open(path: string): DatabaseSync {
  const sqlite = openFile(path);
  try {
    // The lock goes with the process, however it ends; so two engines on one folder are told apart without a lock file.
    sqlite.exec("PRAGMA locking_mode = EXCLUSIVE");
    refuseNewer(sqlite); // Before anything is written.
    sqlite.exec("PRAGMA auto_vacuum = INCREMENTAL"); // Of new files; others keep what they have.
    sqlite.exec("PRAGMA journal_mode = WAL");
    // NORMAL survives the death of the process, which is what we promise; FULL would also survive that of the machine.
    sqlite.exec("PRAGMA synchronous = NORMAL");
    sqlite.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    sqlite.exec("BEGIN IMMEDIATE; COMMIT");
    migrate(sqlite);
    return sqlite;
  } catch (error) {
    sqlite.close();
    if (error instanceof DataFolderError) throw error;
    throw unusable(path, error);
  }
}

function openFile(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path);
  } catch (error) {
    throw unusable(path, error);
  }
}

/** SQLite's codes for what is the user's to mend (https://sqlite.org/rescode.html): what to say and do. */
const BUSY = 5;
const WAYS_ON: Readonly<Record<number, string>> = {
  [BUSY]: "another engine is using it; stop that one, or choose another data folder",
  8: "it may only be read; make it writable, or choose another data folder",
  11: "it is damaged; move it away to begin anew, or import an archive of it into another data folder",
  13: "its disk is full; make room there, or choose another data folder",
  14: "it may not be read or made there; make it accessible, or choose another data folder",
  26: "it is damaged, and no database any more; move it away to begin anew, or import an archive of it into another data folder",
};

function unusable(path: string, error: unknown): DataFolderError {
  const reason = error instanceof Error ? error.message : String(error);
  const code = sqliteCode(error);
  const wayOn = (code !== undefined && WAYS_ON[code]) || `${reason}; choose another data folder`;
  return new DataFolderError(`The engine's store ${path} cannot be opened: ${wayOn}.`, {
    inUse: code === BUSY,
    cause: error,
  });
}

function refuseNewer(sqlite: DatabaseSync): void {
  const version = schemaVersion(sqlite);
  if (version <= migrations.length) return;
  throw new DataFolderError(
    `The data folder was written by a newer Spawnpoint (schema ${version}, this one knows ${migrations.length}); update Spawnpoint or choose another data folder.`,
  );
}

function migrate(sqlite: DatabaseSync): void {
  const version = schemaVersion(sqlite);
  for (const [step, sql] of migrations.entries()) {
    if (step < version) continue;
    sqlite.exec("BEGIN IMMEDIATE");
    sqlite.exec(sql);
    sqlite.exec(`PRAGMA user_version = ${step + 1}`);
    sqlite.exec("COMMIT");
  }
}

function schemaVersion(sqlite: DatabaseSync): number {
  return Number(sqlite.prepare("PRAGMA user_version").get()?.user_version ?? 0);
}
