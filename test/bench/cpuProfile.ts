import type { Profiler } from "node:inspector";
import { Session } from "node:inspector/promises";
import { setTimeout as delay } from "node:timers/promises";

/** What a process did while it was watched. */
export type CpuProfile = Profiler.Profile;

const SAMPLE_EVERY_US = 200;
/** Where Node listens when a signal asks it to be inspected. */
const INSPECTOR = "http://127.0.0.1:9229/json/list";
const LOOKS = 50;
const LOOK_AGAIN_MS = 100;

/** Sends one of the inspector's requests, e.g. `Profiler.start`, and gives its result. */
type Ask = (method: string, parameters?: object) => Promise<object>;

/** Profiles this process during some work. */
export async function profileOwn(work: () => Promise<unknown>): Promise<CpuProfile> {
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: SAMPLE_EVERY_US });
    await session.post("Profiler.start");
    await work();
    return (await session.post("Profiler.stop")).profile;
  } finally {
    session.disconnect();
  }
}

/**
 * Profiles another Node process during some work.
 *
 * @throws Error it does not listen: another program may have the inspector's port
 */
export async function profileOther(pid: number, work: () => Promise<unknown>): Promise<CpuProfile> {
  process.kill(pid, "SIGUSR1");
  const socket = new WebSocket(await inspectorOf(pid));
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    socket.addEventListener("error", reject, { once: true });
  });
  const ask = asker(socket);
  try {
    await ask("Profiler.enable");
    await ask("Profiler.setSamplingInterval", { interval: SAMPLE_EVERY_US });
    await ask("Profiler.start");
    await work();
    return ((await ask("Profiler.stop")) as Profiler.StopReturnType).profile;
  } finally {
    socket.close();
  }
}

async function inspectorOf(pid: number): Promise<string> {
  for (let look = 0; look < LOOKS; look++) {
    const targets = await fetch(INSPECTOR).then(
      async (response): Promise<{ title: string; webSocketDebuggerUrl: string }[]> => JSON.parse(await response.text()),
      () => [],
    );
    const [target] = targets;
    if (target) return target.webSocketDebuggerUrl;
    await delay(LOOK_AGAIN_MS);
  }
  throw new Error(`Process ${pid} cannot be inspected; is port 9229 another program's?`);
}

function asker(socket: WebSocket): Ask {
  const waiting = new Map<number, { resolve: (result: object) => void; reject: (error: Error) => void }>();
  let last = 0;
  socket.addEventListener("message", ({ data }) => {
    const { id, result, error } = JSON.parse(String(data));
    if (error) waiting.get(id)?.reject(new Error(error.message));
    else waiting.get(id)?.resolve(result);
    waiting.delete(id);
  });
  return (method, params = {}) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
}
