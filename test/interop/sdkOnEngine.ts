import type { TestContext } from "node:test";
import { ModalClient } from "modal";
import { EngineHarness } from "../engine/engineHarness.ts";

/** Modal's official JavaScript SDK beside an engine of the test's own, on which a source is deployed. */
export async function sdkOnEngine(t: TestContext, source: string, options: string[] = []) {
  const harness = await EngineHarness.start(t, options);
  await harness.deploy(source);
  const { url, tokenId, tokenSecret } = harness.ready;
  process.env.MODAL_SERVER_URL = url; // The one way in which the SDK takes a server.
  const modal = new ModalClient({ tokenId, tokenSecret });
  t.after(() => modal.close());
  return { harness, modal };
}
