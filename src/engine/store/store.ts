import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { announcedIn } from "../announcement.ts";
import { AppStore } from "./appStore.ts";
import { AttemptStore } from "./attemptStore.ts";
import { AutoscalerStore } from "./autoscalerStore.ts";
import { CallReports } from "./callReports.ts";
import { CallStore } from "./callStore.ts";
import { Database, DataFolderError } from "./database.ts";
import { DefinitionStore } from "./definitionStore.ts";
import { DictStore } from "./dictStore.ts";
import { EnvironmentStore } from "./environmentStore.ts";
import { ForgottenCalls } from "./forgottenCalls.ts";
import { ItemStore } from "./itemStore.ts";
import { LogStore } from "./logStore.ts";
import { ObjectStore } from "./objectStore.ts";
import { QueueStore } from "./queueStore.ts";
import { SettingsStore } from "./settingsStore.ts";

/** The file of the database in a data folder. */
export const DATABASE = "engine.sqlite";

/** Everything that outlives the engine's process. */
export interface Store {
  readonly database: Database;
  readonly environments: EnvironmentStore;
  readonly apps: AppStore;
  readonly attempts: AttemptStore;
  readonly autoscaler: AutoscalerStore;
  readonly calls: CallStore;
  readonly definitions: DefinitionStore;
  readonly dicts: DictStore;
  readonly reports: CallReports;
  readonly forgotten: ForgottenCalls;
  readonly items: ItemStore;
  readonly logs: LogStore;
  readonly objects: ObjectStore;
  readonly queues: QueueStore;
  readonly settings: SettingsStore;
}

/**
 * Opens the store of a data folder, making both where they are missing.
 *
 * @param folder undefined keeps everything in memory
 * @throws DataFolderError when another engine has it, when a newer one wrote it, or when it cannot be opened
 */
export function openStore(folder: string | undefined): Store {
  if (folder !== undefined) makePrivate(folder);
  return storeOn(folder === undefined ? new Database(":memory:") : openDatabase(folder));
}

/** The store that an open database has. */
export function storeOn(database: Database): Store {
  return {
    database,
    environments: new EnvironmentStore(database),
    apps: new AppStore(database),
    attempts: new AttemptStore(database),
    autoscaler: new AutoscalerStore(database),
    calls: new CallStore(database),
    definitions: new DefinitionStore(database),
    dicts: new DictStore(database),
    reports: new CallReports(database),
    forgotten: new ForgottenCalls(database),
    items: new ItemStore(database),
    logs: new LogStore(database),
    objects: new ObjectStore(database),
    queues: new QueueStore(database),
    settings: new SettingsStore(database),
  };
}

/** The files of large values that anything in the store names. */
export function payloadNames({ calls, items, dicts, queues }: Store): string[] {
  return [calls, items, dicts, queues].flatMap((holder) => holder.payloadNames());
}

function openDatabase(folder: string): Database {
  try {
    return new Database(join(folder, DATABASE));
  } catch (error) {
    if (!(error instanceof DataFolderError && error.inUse)) throw error;
    const holder = announcedIn(folder);
    const who = holder ? `Another engine (process ${holder.pid}, ${holder.url})` : "Another engine";
    throw new DataFolderError(
      `${who} is using the data folder ${folder}; stop that one with "spawnpoint stop", or choose another folder.`,
      { inUse: true, cause: error },
    );
  }
}

/** It holds the tokens, and the arguments and results of the user's calls. */
function makePrivate(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataFolderError(`The data folder ${folder} cannot be used (${reason}); choose another one.`, {
      cause: error,
    });
  }
}
