import type { CallServer } from "../callServer.ts";
import type { CallState } from "../callState.ts";
import type { ContainerLife } from "./timeModel.ts";

/** Containers that are asked for at the same time. */
const AT_ONCE = 20;

/** Asks which inputs of a call run, and when the containers started and ended that ran some. */
export async function readTimes(state: CallState, server: CallServer, appId: string): Promise<void> {
  const call = server.calls.fromId(state.summary.functionCallId);
  const isFinished = state.finished.aborted;
  const [running, living] = await Promise.all([isFinished ? [] : call.runningInputs(), server.containers.list(appId)]);
  state.running = running.map(({ taskId, index, startedAt }) => ({ index, containerId: taskId, startedAt }));
  const alive = new Set(living.map(({ taskId }) => taskId));
  const containerIds = new Set([...state.rows.containerIds, ...running.map(({ taskId }) => taskId)]);
  const toAsk = state.containers.toAsk(containerIds, (containerId) => alive.has(containerId));
  for (let first = 0; first < toAsk.length; first += AT_ONCE) {
    const asked = toAsk.slice(first, first + AT_ONCE);
    const lives = await Promise.all(asked.map((containerId) => lifeOf(server, containerId)));
    for (const [place, containerId] of asked.entries()) state.containers.set(containerId, lives[place]);
  }
  state.noteContainers();
}

/** Undefined: the server does not know the container any more. */
async function lifeOf(server: CallServer, containerId: string): Promise<ContainerLife | undefined> {
  try {
    return await server.containers.info(containerId);
  } catch (error) {
    if (error instanceof Error && error.name === "NotFoundError") return undefined;
    throw error;
  }
}
