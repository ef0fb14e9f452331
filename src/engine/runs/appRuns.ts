import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { Clock } from "../scheduler/clock.ts";
import type { Store } from "../store/store.ts";
import type { ContainerRecords } from "../workers/containerRecords.ts";

/** A client whose connection broke comes again well within this time. */
const GRACE_MS = 10_000;
/** Modal's clients say every 15 s that they are there (`py/modal/runner.py`); two of these may be lost. */
const HEARTBEAT_LIFETIME_MS = 50_000;
/** How often an app that nobody attends is looked at for whether its calls are finished. */
const LOOK_AGAIN_MS = 2_000;

interface Surroundings {
  readonly store: Store;
  readonly containers: ContainerRecords;
  readonly clock: Clock;
  stop(appId: string): Promise<void>;
}

interface Attendance {
  clients: number;
  /** A client of Modal's said not long ago that it is there. */
  hasHeartbeat: boolean;
  /** Takes back the end that comes when nobody attends. */
  keep: () => void;
  /** Tells everybody who attends. */
  readonly stopped: AbortController;
}

/** The apps that run without being deployed: each ends with its client, or, detached, with its calls. */
export class AppRuns {
  readonly #surroundings: Surroundings;
  /** By app; of those that live. */
  readonly #attendances = new Map<string, Attendance>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  isAttended(appId: string): boolean {
    const attendance = this.#attendances.get(appId);
    return attendance !== undefined && (attendance.clients > 0 || attendance.hasHeartbeat);
  }

  /** Runs that an earlier engine left: their clients, if there are any, come again. */
  recover(): void {
    for (const { appId, run, stoppedAt } of this.#surroundings.store.apps.list()) {
      if (run && stoppedAt === undefined) this.started(appId);
    }
  }

  /** From now on, the app lives while somebody attends it. */
  started(appId: string): void {
    const attendance = { clients: 0, hasHeartbeat: false, keep: () => {}, stopped: new AbortController() };
    this.#attendances.set(appId, attendance);
    this.#leave(appId, attendance);
  }

  /**
   * Attends an app until it is stopped and its containers are gone, so that all they print is in the logs.
   *
   * @param signal says that the client is gone
   * @throws RpcError FAILED_PRECONDITION when the app does not run, or no longer
   */
  async attend(appId: string, signal: AbortSignal): Promise<void> {
    const attendance = this.#attendanceOf(appId);
    attendance.keep();
    attendance.clients += 1;
    await aborted(AbortSignal.any([signal, attendance.stopped.signal]));
    attendance.clients -= 1;
    if (attendance.stopped.signal.aborted) await this.#surroundings.containers.gone(appId);
    else if (attendance.clients === 0 && !attendance.hasHeartbeat) this.#leave(appId, attendance);
  }

  /**
   * A client says that it is there, and will say so again: the other way to attend an app.
   *
   * @throws RpcError FAILED_PRECONDITION when the app does not run, or no longer
   */
  heartbeat(appId: string): void {
    const attendance = this.#attendanceOf(appId);
    attendance.keep();
    attendance.hasHeartbeat = true;
    attendance.keep = this.#surroundings.clock.after(HEARTBEAT_LIFETIME_MS, () => this.left(appId));
  }

  /** A request of its client's shows that it is there, where it is not deployed yet. */
  heard(appId: string): void {
    if (this.#attendances.has(appId)) this.heartbeat(appId);
  }

  /** The client that said that it was there is gone, or went silent. */
  left(appId: string): void {
    const attendance = this.#attendances.get(appId);
    if (!attendance) return;
    attendance.keep();
    attendance.hasHeartbeat = false;
    if (attendance.clients === 0) this.#end(appId, attendance);
  }

  /** When an app that runs, or is stopped already, has printed its last: its containers are gone. Undefined for one that is deployed. */
  end(appId: string): Promise<void> | undefined {
    const { store, containers } = this.#surroundings;
    const attendance = this.#attendances.get(appId);
    if (!attendance && store.apps.get(appId)?.stoppedAt === undefined) return undefined;
    const stopped = attendance ? aborted(attendance.stopped.signal) : Promise.resolve();
    // The empty write is committed together with what they printed last.
    return stopped.then(() => containers.gone(appId)).then(() => store.database.write(() => {}));
  }

  /** The app is deployed from now on, and needs nobody. */
  deployed(appId: string): void {
    this.#attendances.get(appId)?.keep();
    this.#attendances.delete(appId);
  }

  /** Somebody has stopped the app. */
  stopped(appId: string): void {
    const attendance = this.#attendances.get(appId);
    this.#attendances.delete(appId);
    attendance?.keep();
    attendance?.stopped.abort();
  }

  close(): void {
    for (const { keep } of this.#attendances.values()) keep();
    this.#attendances.clear();
  }

  /** @throws RpcError FAILED_PRECONDITION */
  #attendanceOf(appId: string): Attendance {
    const attendance = this.#attendances.get(appId);
    if (attendance) return attendance;
    throw new RpcError(RpcStatus.FAILED_PRECONDITION, `The app ${appId} does not run any more.`);
  }

  #leave(appId: string, attendance: Attendance): void {
    attendance.keep = this.#surroundings.clock.after(GRACE_MS, () => this.#end(appId, attendance));
  }

  #end(appId: string, attendance: Attendance): void {
    const { store, clock, stop } = this.#surroundings;
    if (store.apps.get(appId)?.run === "detached" && store.calls.hasUnfinished(appId)) {
      attendance.keep = clock.after(LOOK_AGAIN_MS, () => this.#end(appId, attendance));
    } else {
      void stop(appId);
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
