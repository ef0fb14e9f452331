import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { Dicts } from "../../src/engine/dicts/dicts.ts";
import { PayloadFiles } from "../../src/engine/payloads/payloadFiles.ts";
import { Queues } from "../../src/engine/queues/queues.ts";
import { Expiry } from "../../src/engine/retention/expiry.ts";
import { openStore } from "../../src/engine/store/store.ts";
import { FakeClock } from "./fakeClock.ts";

/** A data folder with a dict `di-d`, a queue `qu-q`, and what looks after them, in a time of its own. */
export async function dictsAndQueues(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "spawnpoint-dicts-"));
  const store = openStore(folder);
  t.after(() => {
    store.database.close();
    rmSync(folder, { recursive: true });
  });
  const clock = new FakeClock();
  const payloads = new PayloadFiles(folder);
  payloads.open(() => true);
  const parts = { store, payloads, clock };
  const [dicts, queues] = [new Dicts(parts), new Queues(parts)];
  const expiry = new Expiry({ ...parts, dicts, queues });
  const add = (objectId: string, name: string | undefined) =>
    store.database.write(() => store.objects.put({ objectId, environment: "main", name, content: {}, createdAt: 1 }));
  await add("di-d", "d");
  await add("qu-q", "q");
  return {
    ...{ store, clock, dicts, queues, expiry },
    addNameless: (objectId: string) => add(objectId, undefined),
    files: () => readdirSync(join(folder, "payloads")).length,
  };
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (value: Uint8Array | undefined): string | undefined => value && new TextDecoder().decode(value);
