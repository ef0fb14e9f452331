import { basename, dirname, isAbsolute } from "node:path";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { MountFiles } from "../mounts/mountFiles.ts";
import type { AppRecord, AppRun, Binding, NewDeployment } from "../store/appStore.ts";
import type { Store } from "../store/store.ts";
import type { VolumeLinks } from "../volumes/volumeLinks.ts";
import { type VolumeMount, volumeVariables } from "../volumes/volumeMount.ts";
import type { Volumes } from "../volumes/volumes.ts";
import { sharedLabel } from "../web/webEndpoint.ts";
import type { PythonFolders } from "../workers/pythonEnvironment.ts";
import type { WorkerLaunch } from "../workers/worker.ts";
import type {
  AppDefinition,
  FileDescription,
  FreshApp,
  FunctionDefinition,
  VolumeMountDefinition,
} from "./definition.ts";
import { deployError } from "./deployError.ts";
import { type DescribePurpose, describeFile } from "./describe.ts";
import type { Snapshots } from "./snapshots.ts";
import { forgetUnusedUploads } from "./unusedUploads.ts";
import type { VariableFiles, Variables } from "./variables.ts";
import { namedVolume } from "./volumes.ts";

export interface DeployedVersion {
  readonly app: AppRecord;
  /** The same sources and settings were live already, so nothing changed. */
  readonly unchanged: boolean;
}

/** Which app of a file is deployed, and under which name. */
export interface DeployedAlone {
  /** Empty for one without a name. */
  readonly appName: string;
  /** Empty for its own. */
  readonly name: string;
}

/** What is run without being deployed. */
export interface NewRun {
  readonly path: string;
  readonly python: string;
  readonly environment: string;
  /** Which app of the file; empty for one without a name. */
  readonly appName: string;
  readonly run: AppRun;
}

/** So many versions of a deployed app can be put back; of older ones only the history is kept. A snapshot is no larger than its sources. */
const KEPT_VERSIONS = 20;

/** What versions need beside the store. */
interface DeployedFiles {
  readonly snapshots: Snapshots;
  readonly variables: VariableFiles;
  readonly mounts: MountFiles;
  readonly volumes: Volumes;
  readonly volumeLinks: VolumeLinks;
}

/** From a Python file to live versions of the apps in it, and back from a function to what its containers start with. */
export class Deployments {
  readonly #store: Store;
  readonly #snapshots: Snapshots;
  readonly #variables: VariableFiles;
  readonly #mounts: MountFiles;
  readonly #volumes: Volumes;
  readonly #volumeLinks: VolumeLinks;
  readonly #folders: PythonFolders;
  /** What containers of a function start with; parsed definitions, forgotten at each change. */
  readonly #launches = new Map<string, Omit<WorkerLaunch, "taskId">>();

  constructor(
    store: Store,
    { snapshots, variables, mounts, volumes, volumeLinks }: DeployedFiles,
    folders: PythonFolders,
  ) {
    this.#store = store;
    this.#snapshots = snapshots;
    this.#variables = variables;
    this.#mounts = mounts;
    this.#volumes = volumes;
    this.#volumeLinks = volumeLinks;
    this.#folders = folders;
  }

  /**
   * Deploys every app of a file, all or none; or, as `App.deploy` does, one of them alone.
   *
   * @throws RpcError INVALID_ARGUMENT with a `DeployFailure` when the file is at fault; what was deployed stays
   */
  async deploy(path: string, python: string, environment: string, alone?: DeployedAlone): Promise<DeployedVersion[]> {
    const description = await this.#describe(path, python, alone ? "run" : "deployment", environment);
    const apps = alone ? [deployedAlone(description, path, alone)] : description.apps;
    this.#checkLabels(environment, apps);
    const digest = this.#snapshots.save(description);
    const versions = this.#store.database.transaction(() =>
      apps.map((definition) => this.#makeLive({ definition, digest, python, environment })),
    );
    this.#launches.clear();
    return versions;
  }

  /**
   * Makes an app of a file live as one of its own, without deploying it.
   *
   * @throws RpcError INVALID_ARGUMENT with a `DeployFailure` when the file is at fault, or has no such app
   */
  async run({ path, python, environment, appName, run }: NewRun): Promise<AppRecord> {
    const description = await this.#describe(path, python, "run", environment);
    const definition = appOfFile(description, path, appName);
    const digest = this.#snapshots.save(description);
    const deployedAt = Date.now() / 1_000;
    return this.#store.database.transaction(() => {
      this.#store.environments.add(environment, deployedAt);
      return this.#store.apps.addDeployment({ environment, digest, python, definition, deployedAt, run });
    });
  }

  /**
   * Puts an old version of an app back, as a new one.
   *
   * @param version a negative one counts back from the live one
   * @throws RpcError INVALID_ARGUMENT for 0, NOT_FOUND when there is no such version, FAILED_PRECONDITION when it cannot be put back
   */
  rollBack(app: AppRecord, version: number): AppRecord {
    if (version === 0) {
      throw new RpcError(RpcStatus.INVALID_ARGUMENT, "There is no version 0; versions count from 1.");
    }
    if (app.stoppedAt !== undefined) {
      throw new RpcError(RpcStatus.FAILED_PRECONDITION, `The app ${app.name} is stopped; deploy it again.`);
    }
    const rollbackOf = version < 0 ? app.version + version : version;
    const deployment = { ...this.version(app, rollbackOf), rollbackOf, deployedAt: Date.now() / 1_000 };
    const live = this.#store.database.transaction(() => this.#store.apps.addDeployment(deployment));
    this.#launches.clear();
    return live;
  }

  /**
   * An app as it was in one of its versions.
   *
   * @throws RpcError NOT_FOUND when there is no such version, FAILED_PRECONDITION when it can no longer run
   */
  version(app: AppRecord, version: number): AppRecord {
    const old = this.#store.apps.deployment(app.appId, version);
    if (!old) {
      throw notDeployed(`The app ${app.name} has no version ${version}; it is at version ${app.version} now.`);
    }
    if (this.#snapshots.has(old.digest)) return { ...app, ...old, version };
    throw new RpcError(
      RpcStatus.FAILED_PRECONDITION,
      `The sources of version ${version} of ${app.name} were cleaned away; deploy the file again.`,
    );
  }

  /** Whether a version of an app could be put back, as far as its snapshot goes. */
  mayRollBack(app: AppRecord, digest: string): boolean {
    return app.stoppedAt === undefined && this.#snapshots.has(digest);
  }

  /** Removes what no version needs any more that may run again: snapshots, variables, and what clients of Modal's uploaded. */
  clean(): void {
    const digests = this.#store.apps.keptDigests(KEPT_VERSIONS);
    this.#snapshots.prune(digests);
    forgetUnusedUploads(this.#store, this.#mounts, digests, Date.now() / 1_000);
    this.#volumes.prune(new Set(this.#store.objects.all("vo").map(({ objectId }) => objectId)));
    this.#forgetVariables(digests);
  }

  /** Removes the values that neither a secret nor a version has any more. */
  forgetVariables(): void {
    this.#forgetVariables(this.#store.apps.keptDigests(KEPT_VERSIONS));
  }

  #forgetVariables(digests: ReadonlySet<string>): void {
    const ofSecrets = this.#store.objects.all("st").map(({ content }) => content.variables);
    this.#variables.prune(new Set([...this.#store.apps.namedVariables(digests), ...ofSecrets]));
  }

  /**
   * Makes what a client of Modal's made of its own app live.
   *
   * @throws RpcError INVALID_ARGUMENT with a `DeployFailure` when another app has the label of an endpoint, FAILED_PRECONDITION when
   * another has its name meanwhile
   */
  publish(app: AppRecord, description: FileDescription, python: string, run: AppRun | undefined): DeployedVersion {
    const { environment, appId } = app;
    const [definition = { name: app.name, functions: [], not_applied: [] }] = description.apps;
    if (!run) this.#checkNotTaken(app, definition);
    const digest = this.#snapshots.save(description);
    const version = this.#store.database.transaction(() =>
      this.#makeLive({ definition, digest, python, environment, run, appId }),
    );
    this.#launches.clear();
    return version;
  }

  #checkNotTaken({ appId, environment }: AppRecord, definition: AppDefinition): void {
    this.#checkLabels(environment, [definition]);
    const other = this.#store.apps.deployed(environment, definition.name);
    if (!other || other.appId === appId) return;
    throw new RpcError(
      RpcStatus.FAILED_PRECONDITION,
      `Another app named ${definition.name} was deployed in the environment ${environment} meanwhile; deploy again.`,
    );
  }

  async stop(appId: string): Promise<void> {
    await this.#store.apps.stop(appId, Date.now() / 1_000);
    this.#launches.clear();
  }

  /** @throws RpcError NOT_FOUND when the function is not part of a live version */
  launchOf(functionId: string): Omit<WorkerLaunch, "taskId"> {
    const known = this.#launches.get(functionId);
    if (known) return known;
    const { app, definition, binding } = this.find(functionId);
    if (app.stoppedAt !== undefined) {
      throw notDeployed(`The app ${app.name} is stopped; ${app.run ? "run" : "deploy"} it again.`);
    }
    const { options } = definition;
    const volumes = (options.volumes ?? []).map((mount) => this.#mount(definition, mount));
    const variables = options.variables === undefined ? {} : this.#variables.read(options.variables);
    const launch = {
      functionId,
      app: { id: app.appId, name: app.name },
      runtime: app.definition.runtime,
      definition,
      instance: binding,
      variables: variables && { ...volumeVariables(volumes), ...variables },
      volumes,
      python: app.python,
      snapshotPath: this.#snapshots.path(app.digest),
      workingFolder: dirname(definition.path),
    };
    this.#launches.set(functionId, launch);
    return launch;
  }

  /** Makes an app without functions live, so that its name can be found. */
  async deployEmpty(name: string, python: string, environment: string): Promise<AppRecord> {
    const definition: AppDefinition = { name, functions: [], not_applied: [] };
    const digest = this.#snapshots.save({ ok: true, root: "", entry_module: "", sources: [], apps: [definition] });
    return this.#store.database.transaction(() => this.#makeLive({ definition, digest, python, environment })).app;
  }

  /** Keeps environment variables for a function with options of its own, and returns their name. */
  keepVariables(variables: Variables): string {
    return this.#variables.keep(variables);
  }

  /** @throws RpcError NOT_FOUND when there is no such function, or the version of its app that counts does not have it */
  find(functionId: string): { app: AppRecord; definition: FunctionDefinition; binding: Binding | undefined } {
    const record = this.#store.apps.function(functionId);
    const newest = record && this.#store.apps.get(record.appId);
    if (!record || !newest) throw notDeployed(`There is no function ${functionId} here.`);
    const { pinned_version } = record.binding?.options ?? {};
    const app = pinned_version === undefined ? newest : this.version(newest, pinned_version);
    const definition = app.definition.functions.find(({ name }) => name === record.name);
    if (!definition) throw notDeployed(`The app ${app.name} no longer has a function ${record.name}.`);
    const { binding } = record;
    const options = { ...definition.options, ...binding?.options };
    return { app, definition: { ...definition, options }, binding };
  }

  #checkLabels(environment: string, apps: readonly AppDefinition[]): void {
    const shared = sharedLabel(environment, apps, this.#store.apps.list());
    if (!shared) return;
    const { label, names, callable } = shared;
    const { path, line } = callable;
    const message = `${basename(path)}, line ${line}: ${names[0]} has the label "${label}" of ${names[1]}; give it another one.`;
    throw deployError({ ok: false, message, path, line, traceback: "" });
  }

  async #describe(
    path: string,
    python: string,
    purpose: DescribePurpose,
    environment: string,
  ): Promise<FileDescription> {
    if (!isAbsolute(path)) throw new RpcError(RpcStatus.INVALID_ARGUMENT, `The path ${path} is not absolute.`);
    const description = await describeFile(python, path, this.#folders, purpose);
    if (!description.ok) throw deployError(description);
    const apps = description.apps.map((app) => this.#kept(app, environment));
    return { ...description, apps };
  }

  /** Keeps the values of variables apart from everything else that is kept, and knows volumes by their ids. */
  #kept(app: FreshApp, environment: string): AppDefinition {
    const functions = app.functions.map(({ variables, volumes, options, ...definition }) => ({
      ...definition,
      options: {
        ...options,
        ...(Object.keys(variables).length > 0 && { variables: this.#variables.keep(variables) }),
        ...(volumes.length > 0 && { volumes: volumes.map((named) => namedVolume(this.#store, environment, named)) }),
      },
    }));
    const warnings = functions.flatMap((definition) =>
      this.volumeWarnings(definition).map(({ path, warning }) => ({
        ...{ function: definition.name, option: "volumes", reason: warning, value: path },
      })),
    );
    return { ...app, functions, not_applied: [...app.not_applied, ...warnings] };
  }

  /** What to tell who deploys a function, of each path at which its containers do not find a volume. */
  volumeWarnings(definition: Pick<FunctionDefinition, "name" | "options">): { path: string; warning: string }[] {
    return (definition.options.volumes ?? []).flatMap((mount) => {
      const warning = this.#volumeLinks.warning(this.#mount(definition, mount));
      return warning === undefined ? [] : [{ path: mount.path, warning }];
    });
  }

  /** @throws RpcError NOT_FOUND when the volume was deleted */
  #mount(
    { name }: Pick<FunctionDefinition, "name">,
    { path, volume_id, sub_path }: VolumeMountDefinition,
  ): VolumeMount {
    if (this.#store.objects.get("vo", volume_id)) return { path, folder: this.#volumes.folder(volume_id, sub_path) };
    throw notDeployed(`The volume at ${path} of ${name} was deleted; make it again, and deploy the app again.`);
  }

  /** Inside a transaction. */
  #makeLive(version: Omit<NewDeployment, "deployedAt">): DeployedVersion {
    const { appId } = version;
    const live = appId
      ? this.#store.apps.get(appId)
      : this.#store.apps.deployed(version.environment, version.definition.name);
    if (live?.digest === version.digest && live.python === version.python) return { app: live, unchanged: true };
    const deployedAt = Date.now() / 1_000;
    this.#store.environments.add(version.environment, deployedAt);
    return { app: this.#store.apps.addDeployment({ ...version, deployedAt }), unchanged: false };
  }
}

function deployedAlone(description: FileDescription, path: string, { appName, name }: DeployedAlone): AppDefinition {
  const definition = appOfFile(description, path, appName);
  return { ...definition, name: name || definition.name };
}

function appOfFile(description: FileDescription, path: string, appName: string): AppDefinition {
  const definition = description.apps.find(({ name }) => name === (appName || description.entry_module));
  if (definition) return definition;
  const message = `${basename(path)} has no app "${appName}" at its top level; write \`app = modal.App("${appName}")\` there.`;
  throw deployError({ ok: false, message, path, line: 0, traceback: "" });
}

function notDeployed(message: string): RpcError {
  return new RpcError(RpcStatus.NOT_FOUND, message);
}
