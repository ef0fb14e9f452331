import { once } from "node:events";
import { answerRequests, FrameWriter } from "../../targets/runs/requestFrames.ts";
import { RunRequests } from "../../targets/runs/runRequests.ts";
import type { Session } from "../session.ts";

/**
 * `spawnpoint ask`: answers the process at the other end of stdin and stdout, whose stand-in `modal` calls functions, until it goes.
 * Nobody types this: `src/python/testing` starts it.
 */
export async function ask({ localTarget }: Session, { python }: { readonly python: string }): Promise<void> {
  const requests = new RunRequests(localTarget, python, ({ text }) => process.stderr.write(text));
  answerRequests(process.stdin, new FrameWriter(process.stdout), requests);
  await once(process.stdin, "end");
  await requests.close();
}
