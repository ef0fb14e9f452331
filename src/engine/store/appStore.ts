import { createHash } from "node:crypto";
import type { AppDefinition, FunctionOptions, InstanceArguments, ParameterValue } from "../deploy/definition.ts";
import { newId } from "../ids.ts";
import type { Database } from "./database.ts";

/**
 * `attended`: it ends with the client that started it. `detached`: it ends when that client is gone and its calls are finished.
 * `initializing`: a client of Modal's makes it, and has not published a version yet.
 */
export type AppRun = "attended" | "detached" | "initializing";

/** An app as it stands: its live version, or its last one when it was stopped. */
export interface AppRecord {
  readonly appId: string;
  readonly environment: string;
  readonly name: string;
  readonly createdAt: number;
  readonly stoppedAt: number | undefined;
  /** For an app that runs without being deployed. */
  readonly run: AppRun | undefined;
  /** 0 while there is none. */
  readonly version: number;
  readonly deployedAt: number;
  /** Digest of the sources and settings of that version; also the name of its snapshot. */
  readonly digest: string;
  readonly python: string;
  readonly definition: AppDefinition;
}

export interface FunctionRecord {
  readonly functionId: string;
  readonly appId: string;
  /** As its app's definition has it; a bound function has the name of its base. */
  readonly name: string;
  readonly binding: Binding | undefined;
}

/** What makes a function another one than its base: the arguments of an instance, and options above those of the definition. */
export interface Binding extends InstanceArguments {
  readonly baseId: string;
  readonly options: FunctionOptions;
}

export interface DeploymentRecord {
  readonly version: number;
  readonly deployedAt: number;
  /** Name of its snapshot. */
  readonly digest: string;
  /** The version that this one put back; undefined unless it is a rollback. */
  readonly rollbackOf: number | undefined;
}

/** What a new version is made of. */
export interface NewDeployment {
  readonly environment: string;
  readonly digest: string;
  readonly python: string;
  readonly definition: AppDefinition;
  readonly deployedAt: number;
  /** The version that this one puts back. */
  readonly rollbackOf?: number;
  /** Makes an app of its own, which is not deployed. */
  readonly run?: AppRun | undefined;
  /** The app that it is a version of, which a client of Modal's has made. Left out: the one of that name, or a new one. */
  readonly appId?: string;
}

const APP_COLUMNS = `
  SELECT apps.app_id, environment, name, created_at, stopped_at, run, version, deployed_at, digest, python, definition
  FROM apps LEFT JOIN deployments ON deployments.app_id = apps.app_id
    AND version = (SELECT max(version) FROM deployments WHERE deployments.app_id = apps.app_id)`;

const FUNCTION_COLUMNS = `
  SELECT own.function_id, own.app_id, coalesce(base.name, own.name) AS name, base_id, parameters, pickled, options
  FROM functions AS own LEFT JOIN bindings ON bindings.function_id = own.function_id
    LEFT JOIN functions AS base ON base.function_id = base_id`;

/** Apps, their versions and the functions in them. */
export class AppStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Live apps first, then stopped ones, each by age. */
  list(environment?: string): AppRecord[] {
    const sql = `${APP_COLUMNS} WHERE environment = coalesce(?, environment) ORDER BY stopped_at IS NOT NULL, created_at`;
    return this.#db
      .statement(sql)
      .all(environment ?? null)
      .map(appFromRow);
  }

  get(appId: string): AppRecord | undefined {
    const row = this.#db.statement(`${APP_COLUMNS} WHERE apps.app_id = ?`).get(appId);
    return row && appFromRow(row);
  }

  deployed(environment: string, name: string): AppRecord | undefined {
    const sql = `${APP_COLUMNS} WHERE environment = ? AND name = ? AND stopped_at IS NULL AND run IS NULL`;
    const row = this.#db.statement(sql).get(environment, name);
    return row && appFromRow(row);
  }

  history(appId: string): DeploymentRecord[] {
    const sql =
      "SELECT version, deployed_at, digest, rollback_of FROM deployments WHERE app_id = ? ORDER BY version DESC";
    const rows = this.#db.statement(sql).all(appId);
    return rows.map((row) => ({
      version: Number(row.version),
      deployedAt: Number(row.deployed_at),
      digest: String(row.digest),
      rollbackOf: row.rollback_of === null ? undefined : Number(row.rollback_of),
    }));
  }

  /** What an old version of an app was made of. */
  deployment(appId: string, version: number): Pick<AppRecord, "digest" | "python" | "definition"> | undefined {
    const row = this.#db
      .statement("SELECT digest, python, definition FROM deployments WHERE app_id = ? AND version = ?")
      .get(appId, version);
    if (!row) return undefined;
    const definition = JSON.parse(String(row.definition)) as AppDefinition;
    return { digest: String(row.digest), python: String(row.python), definition };
  }

  /** Makes an app that has no version yet, inside the caller's transaction. Returns its id. */
  add(app: Pick<AppRecord, "environment" | "name" | "createdAt" | "run">): string {
    const appId = newId("ap");
    this.#db
      .statement("INSERT INTO apps (app_id, environment, name, created_at, run) VALUES (?, ?, ?, ?, ?)")
      .run(appId, app.environment, app.name, app.createdAt, app.run ?? null);
    return appId;
  }

  /** An app whose first version is live now goes by this name; inside the caller's transaction. */
  #publish(appId: string, name: string, run: AppRun | undefined): void {
    this.#db
      .statement("UPDATE apps SET name = ?, run = ? WHERE app_id = ? AND run = 'initializing'")
      .run(name, run ?? null, appId);
  }

  /** Makes a version of an app live, inside the caller's transaction. Function ids are kept by name across versions. */
  addDeployment(deployment: NewDeployment): AppRecord {
    const { environment, digest, python, definition, deployedAt, rollbackOf, run } = deployment;
    const { name } = definition;
    const live = deployment.appId || run ? undefined : this.deployed(environment, name);
    const appId = deployment.appId ?? live?.appId ?? this.add({ environment, name, createdAt: deployedAt, run });
    const version = (this.get(appId)?.version ?? 0) + 1;
    this.#publish(appId, name, run);
    this.#db
      .statement(
        `INSERT INTO deployments (app_id, version, deployed_at, digest, python, definition, rollback_of)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(appId, version, deployedAt, digest, python, JSON.stringify(definition), rollbackOf ?? null);
    for (const { name } of definition.functions) this.addFunction(appId, name);
    const app = this.get(appId);
    if (!app) throw new Error(`The app ${definition.name} was not stored.`);
    return app;
  }

  /** The id of an app's function, made where there is none of that name yet, inside the caller's transaction. */
  addFunction(appId: string, name: string): string {
    this.#db
      .statement("INSERT INTO functions (function_id, app_id, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
      .run(newId("fu"), appId, name);
    return this.#functionId(appId, name);
  }

  stop(appId: string, stoppedAt: number): Promise<void> {
    return this.#db.write(() => {
      this.#db
        .statement("UPDATE apps SET stopped_at = ? WHERE app_id = ? AND stopped_at IS NULL")
        .run(stoppedAt, appId);
    });
  }

  /** Every function that the app ever had, without bound ones; the live ones are those that its definition names. */
  functions(appId: string): FunctionRecord[] {
    return this.everyFunction(appId).filter(({ binding }) => binding === undefined);
  }

  /** Like {@link functions}, with the bound ones. */
  everyFunction(appId: string): FunctionRecord[] {
    const sql = `${FUNCTION_COLUMNS} WHERE own.app_id = ? ORDER BY own.rowid`;
    return this.#db.statement(sql).all(appId).map(functionFromRow);
  }

  function(functionId: string): FunctionRecord | undefined {
    const row = this.#db.statement(`${FUNCTION_COLUMNS} WHERE own.function_id = ?`).get(functionId);
    return row && functionFromRow(row);
  }

  /** The id of a bound function, made where there is none yet, inside the caller's transaction. */
  bind(base: FunctionRecord, binding: Binding): string {
    const name = `${base.name} ${bindingDigest(binding)}`;
    const { changes } = this.#db
      .statement("INSERT INTO functions (function_id, app_id, name) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
      .run(newId("fu"), base.appId, name);
    const functionId = this.#functionId(base.appId, name);
    if (changes > 0) {
      this.#db
        .statement("INSERT INTO bindings (function_id, base_id, parameters, pickled, options) VALUES (?, ?, ?, ?, ?)")
        .run(
          functionId,
          binding.baseId,
          JSON.stringify(binding.parameters),
          binding.pickled,
          JSON.stringify(binding.options),
        );
    }
    return functionId;
  }

  /**
   * Deletes bound functions of stopped apps that no call names any more, inside the caller's transaction.
   *
   * @returns how many, at most `limit`
   */
  deleteUnusedBindings(limit: number): number {
    const unused = this.#db
      .statement(
        `SELECT function_id FROM bindings JOIN functions USING (function_id) JOIN apps USING (app_id)
         WHERE stopped_at IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM function_calls WHERE function_calls.function_id = bindings.function_id)
         LIMIT ?`,
      )
      .all(limit);
    for (const { function_id } of unused) {
      for (const table of ["bindings", "autoscaler_overrides", "functions"]) {
        this.#db.statement(`DELETE FROM ${table} WHERE function_id = ?`).run(String(function_id));
      }
    }
    return unused.length;
  }

  /**
   * Deletes apps that ran without being deployed, ended before a time, and of which no call and no log is left, inside the caller's
   * transaction.
   *
   * @param before unix seconds
   * @returns how many, at most `limit`
   */
  deleteEndedRuns(before: number, limit: number): number {
    const ended = this.#db
      .statement(
        `SELECT app_id FROM apps WHERE run IS NOT NULL AND stopped_at <= ?
           AND NOT EXISTS (SELECT 1 FROM functions JOIN function_calls USING (function_id) WHERE functions.app_id = apps.app_id)
           AND NOT EXISTS (SELECT 1 FROM logs WHERE logs.app_id = apps.app_id)
         LIMIT ?`,
      )
      .all(before, limit);
    for (const { app_id } of ended) this.#delete(String(app_id));
    return ended.length;
  }

  #functionId(appId: string, name: string): string {
    const row = this.#db.statement("SELECT function_id FROM functions WHERE app_id = ? AND name = ?").get(appId, name);
    return String(row?.function_id);
  }

  #delete(appId: string): void {
    const ofItsFunctions = "WHERE function_id IN (SELECT function_id FROM functions WHERE app_id = ?)";
    const rows = [
      `bindings ${ofItsFunctions}`,
      `autoscaler_overrides ${ofItsFunctions}`,
      `function_definitions ${ofItsFunctions}`,
      ...["functions", "deployments", "apps"].map((table) => `${table} WHERE app_id = ?`),
    ];
    for (const some of rows) this.#db.statement(`DELETE FROM ${some}`).run(appId);
  }

  /**
   * Digests of the snapshots that somebody may still need: those of the last versions of deployed apps, and of stopped apps that of
   * the very last one.
   *
   * @param versions how many versions of each deployed app
   */
  keptDigests(versions: number): Set<string> {
    const rows = this.#db
      .statement(
        `SELECT DISTINCT digest FROM deployments AS one JOIN apps ON apps.app_id = one.app_id
         WHERE version > (SELECT max(version) FROM deployments WHERE deployments.app_id = one.app_id)
           - CASE WHEN stopped_at IS NULL THEN ? ELSE 1 END`,
      )
      .all(versions);
    return new Set(rows.map((row) => String(row.digest)));
  }

  /** Ids of the definitions of functions that the versions of these digests name. */
  namedDefinitions(digests: ReadonlySet<string>): Set<string> {
    return this.#named(
      `SELECT DISTINCT digest, json_extract(function.value, '$.definition_id') AS name
       FROM deployments, json_each(definition, '$.functions') AS function`,
      digests,
    );
  }

  /** Names of the folders of mounts that the versions of these digests name. */
  namedTrees(digests: ReadonlySet<string>): Set<string> {
    return this.#named("SELECT DISTINCT digest, json_extract(definition, '$.tree') AS name FROM deployments", digests);
  }

  #named(sql: string, digests: ReadonlySet<string>): Set<string> {
    const kept = this.#db
      .statement(sql)
      .all()
      .filter(({ digest }) => digests.has(String(digest)));
    return new Set(kept.flatMap(({ name }) => (typeof name === "string" ? [name] : [])));
  }

  /** Names of the files of variables that bindings, and the versions of these digests, name. */
  namedVariables(digests: ReadonlySet<string>): Set<string> {
    const rows = this.#db
      .statement(
        `SELECT DISTINCT digest, json_extract(function.value, '$.options.variables') AS name
         FROM deployments, json_each(definition, '$.functions') AS function WHERE name IS NOT NULL
         UNION SELECT NULL, json_extract(options, '$.variables') AS name FROM bindings WHERE name IS NOT NULL`,
      )
      .all();
    const kept = rows.filter(({ digest }) => digest === null || digests.has(String(digest)));
    return new Set(kept.map(({ name }) => String(name)));
  }
}

type Row = Record<string, unknown>;

function appFromRow(row: Row): AppRecord {
  return {
    appId: String(row.app_id),
    environment: String(row.environment),
    name: String(row.name),
    createdAt: Number(row.created_at),
    stoppedAt: row.stopped_at === null ? undefined : Number(row.stopped_at),
    run: row.run === null ? undefined : (String(row.run) as AppRun),
    version: Number(row.version ?? 0),
    deployedAt: Number(row.deployed_at ?? 0),
    digest: String(row.digest ?? ""),
    python: String(row.python ?? ""),
    definition: definitionFrom(row),
  };
}

function definitionFrom({ name, definition }: Row): AppDefinition {
  if (definition === null) return { name: String(name), functions: [], not_applied: [] };
  return JSON.parse(String(definition)) as AppDefinition;
}

function functionFromRow(row: Row): FunctionRecord {
  return {
    functionId: String(row.function_id),
    appId: String(row.app_id),
    name: String(row.name),
    binding: row.base_id === null ? undefined : bindingFromRow(row),
  };
}

function bindingFromRow(row: Row): Binding {
  return {
    baseId: String(row.base_id),
    parameters: JSON.parse(String(row.parameters)) as ParameterValue[],
    pickled: row.pickled instanceof Uint8Array ? row.pickled : new Uint8Array(),
    options: JSON.parse(String(row.options)) as FunctionOptions,
  };
}

/** Equal for the same parameters and options, in whatever order they were given. */
function bindingDigest({ parameters, pickled, options }: Binding): string {
  const byName = [...parameters].sort((a, b) => (a.name < b.name ? -1 : 1));
  const given = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
  const content = JSON.stringify([byName, Buffer.from(pickled).toString("base64"), given]);
  return createHash("sha256").update(content).digest("hex").slice(0, 32);
}
