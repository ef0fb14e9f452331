import type { PayloadFiles } from "../../payloads/payloadFiles.ts";
import type { PythonFolders } from "../pythonEnvironment.ts";
import { PythonWorker } from "../pythonWorker.ts";
import { SpawnedProcess, workerProgram } from "../spawnedProcess.ts";
import type { VersionLaunch, Worker, WorkerEvents, WorkerLaunch } from "../worker.ts";
import type { Reception } from "./reception.ts";
import { Template } from "./template.ts";
import { VersionTemplate } from "./versionTemplate.ts";
import { WaitingWorker } from "./waitingWorker.ts";

/** A template that has left its container must report within this time. */
const REPORT_WITHIN_MS = 2_000;

/**
 * Starts the first container of a version from nothing, and the next ones by forking the template that it leaves behind. Whatever
 * stands against that, containers start from nothing.
 */
export class ForkedWorkers {
  readonly #folders: PythonFolders;
  readonly #payloads: PayloadFiles;
  readonly #reception: Reception;
  readonly #versions = new Map<string, VersionTemplate>();
  /** Apps whose last version could not have a template: nobody waits for that of the next. */
  readonly #hopeless = new Set<string>();

  constructor(folders: PythonFolders, payloads: PayloadFiles, reception: Reception) {
    this.#folders = folders;
    this.#payloads = payloads;
    this.#reception = reception;
  }

  /** @throws when the machine has no room for another process, or no file descriptors for its pipes */
  start(launch: WorkerLaunch, events: WorkerEvents): Worker {
    const version = this.#versionOf(launch);
    version.started();
    const exited: WorkerEvents["exited"] = (...end) => {
      version.exited();
      events.exited(...end);
    };
    const ready = () => {
      events.ready();
      version.ready();
    };
    try {
      return this.#start(version, launch, { ...events, ready, exited });
    } catch (error) {
      version.exited(); // It has no process: nothing else would tell.
      throw error;
    }
  }

  /** Lets go of the templates of an app's other versions; without `live`, of all. */
  appChanged(appId: string, live: VersionLaunch | undefined): void {
    for (const [key, version] of this.#versions) {
      if (version.appId === appId && !(live && version.isOf(live))) version.supersede();
      if (version.unused) this.#versions.delete(key);
    }
  }

  close(): void {
    for (const version of this.#versions.values()) version.close();
    this.#reception.close();
  }

  #versionOf(launch: WorkerLaunch): VersionTemplate {
    // What was imported may have looked at its environment.
    const { variables, volumes } = launch.definition.options;
    const key = JSON.stringify([launch.app.id, launch.snapshotPath, launch.python, variables, volumes]);
    const version = this.#versions.get(key) ?? new VersionTemplate(launch);
    this.#versions.set(key, version);
    return version;
  }

  #start(version: VersionTemplate, launch: WorkerLaunch, events: WorkerEvents): Worker {
    const { state } = version;
    if (state === "wanted") return this.#startFirst(version, launch, events);
    const waits = state === "made" || (state === "making" && !this.#hopeless.has(launch.app.id));
    if (!waits) return this.#startCold(launch, events);
    const worker = new WaitingWorker(events);
    version.whenSettled(() => void this.#fork(version, worker, launch, events));
    return worker;
  }

  #startCold(launch: WorkerLaunch, events: WorkerEvents): Worker {
    return new PythonWorker(new SpawnedProcess(workerProgram(this.#folders, launch)), this.#payloads, launch, events);
  }

  #startFirst(version: VersionTemplate, launch: WorkerLaunch, events: WorkerEvents): Worker {
    const spawned = new SpawnedProcess(workerProgram(this.#folders, launch));
    const token = this.#reception.expect(({ socket }) => {
      this.#reception.forget(token);
      this.#hopeless.delete(launch.app.id);
      version.made(new Template(socket, this.#reception, () => version.lost()));
    });
    const giveUp = (state: "none" | "wanted") => {
      this.#reception.forget(token);
      version.notMade(state);
    };
    const answered = (obstacle: string | undefined) => {
      if (obstacle === undefined) {
        setTimeout(() => giveUp("wanted"), REPORT_WITHIN_MS).unref();
        return;
      }
      this.#hopeless.add(launch.app.id);
      giveUp("none");
      process.stderr.write(
        `Every container of the app ${launch.app.name} imports its code anew: when it was imported, ${obstacle}.\n`,
      );
    };
    const exited: WorkerEvents["exited"] = (...end) => {
      giveUp("wanted");
      events.exited(...end);
    };
    const offer = { socket: this.#reception.path, token, answered };
    version.make();
    return new PythonWorker(spawned, this.#payloads, launch, { ...events, exited }, offer);
  }

  async #fork(
    version: VersionTemplate,
    worker: WaitingWorker,
    launch: WorkerLaunch,
    events: WorkerEvents,
  ): Promise<void> {
    const process = await version.template?.container().catch(() => undefined);
    if (worker.ended) process?.kill();
    else if (process) worker.begin(() => new PythonWorker(process, this.#payloads, launch, events));
    // Where a template was killed meanwhile, this one leaves the next.
    else if (version.state === "wanted") worker.begin(() => this.#startFirst(version, launch, events));
    else worker.begin(() => this.#startCold(launch, events));
  }
}
