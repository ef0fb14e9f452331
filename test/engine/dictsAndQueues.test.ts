import assert from "node:assert/strict";
import { test } from "node:test";
import { ObjectCreationType as Creation } from "../../src/proto/gen/modal_pb.js";
import { RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { bytes, text } from "./dictHarness.ts";
import { collected, EngineHarness } from "./engineHarness.ts";

const NEW = { objectCreationType: Creation.CREATE_IF_MISSING };
const [A, B] = [bytes("a"), bytes("b")];

test("dicts and queues over a socket", async (t) => {
  const harness = await EngineHarness.start(t);
  const service = harness.service();

  await t.test("are made by name once, looked up, listed by environment and deleted", async () => {
    const many = await Promise.all(
      Array.from({ length: 5 }, () => service.dictGetOrCreate({ deploymentName: "state", ...NEW })),
    );
    const [dict] = many;
    assert.equal(new Set(many.map(({ dictId }) => dictId)).size, 1, "containers that start together share it");
    assert.match(dict?.dictId ?? "", /^di-\w{22}$/);
    const dictId = dict?.dictId ?? "";
    assert.deepEqual((await service.dictGetById({ dictId })).metadata, dict?.metadata);
    await service.dictGetOrCreate({ deploymentName: "state", environmentName: "other", ...NEW });
    await service.dictGetOrCreate({ objectCreationType: Creation.EPHEMERAL });
    const listed = await service.dictList({ pagination: { maxObjects: 100, createdBefore: Date.now() / 1_000 + 1 } });
    assert.deepEqual(
      listed.dicts.map(({ name, dictId }) => [name, dictId]),
      [["state", dictId]],
    );
    const failing = { deploymentName: "state", objectCreationType: Creation.CREATE_FAIL_IF_EXISTS };
    await assert.rejects(service.dictGetOrCreate(failing), { code: RpcStatus.ALREADY_EXISTS });
    await service.dictUpdate({ dictId, updates: [{ key: A, value: B }] });
    await service.dictDelete({ dictId });
    await assert.rejects(service.dictGet({ dictId, key: A }), { code: RpcStatus.NOT_FOUND });
    await assert.rejects(service.dictGetOrCreate({ deploymentName: "state" }), { code: RpcStatus.NOT_FOUND });
  });

  await t.test("a list of queues comes in pages, and says how long each is", async () => {
    for (const name of ["first", "second", "third"]) {
      const { queueId } = await service.queueGetOrCreate({ deploymentName: name, ...NEW });
      if (name !== "first") await service.queuePut({ queueId, values: [A, B], partitionKey: bytes(name) });
    }
    const page = await service.queueList({ pagination: { maxObjects: 2 }, totalSizeLimit: 1 });
    assert.deepEqual(
      page.queues.map(({ name, numPartitions, totalSize }) => [name, numPartitions, totalSize]),
      [
        ["third", 1, 2],
        ["second", 1, 2],
      ],
    );
    const createdBefore = page.queues.at(-1)?.metadata?.creationInfo?.createdAt ?? 0;
    const rest = await service.queueList({ pagination: { maxObjects: 2, createdBefore } });
    assert.deepEqual(
      rest.queues.map(({ name, totalSize }) => [name, totalSize]),
      [["first", 0]],
    );
  });

  await t.test("what a dict holds is streamed, keys and values as they are asked for", async () => {
    const { dictId } = await service.dictGetOrCreate({
      objectCreationType: Creation.EPHEMERAL,
      data: [{ key: A, value: B }],
    });
    await service.dictUpdate({ dictId, updates: [{ key: B, value: new Uint8Array(3_000_000) }] });
    const contents = async (wanted: { keys?: boolean; values?: boolean }) => {
      const entries = (await collected(service.dictContents({ dictId, ...wanted }))).flat();
      return entries.map(({ key, value }) => [text(key), value.length]);
    };
    assert.deepEqual(await contents({ keys: true }), [
      ["a", 0],
      ["b", 0],
    ]);
    assert.deepEqual(await contents({ values: true }), [
      ["", 1],
      ["", 3_000_000],
    ]);
    assert.deepEqual(await service.dictLen({ dictId }), { $typeName: "modal.client.DictLenResponse", len: 2 });
    await service.dictHeartbeat({ dictId });
    assert.equal((await service.dictPop({ dictId, key: B })).value?.length, 3_000_000);
    assert.equal((await service.dictContains({ dictId, key: B })).found, false);
  });

  await t.test("a get waits for a put, and one that was cancelled takes nothing", async () => {
    const { queueId } = await service.queueGetOrCreate({ objectCreationType: Creation.EPHEMERAL });
    const gone = new AbortController();
    const wanted = { queueId, nValues: 1, timeout: 50 };
    const cancelled = service.queueGet(wanted, { signal: gone.signal });
    const waiting = service.queueGet(wanted);
    assert.deepEqual((await service.queueGet({ ...wanted, timeout: 0 })).values, [], "both wait before it");
    gone.abort();
    await assert.rejects(cancelled);
    assert.deepEqual((await service.queueGet({ ...wanted, timeout: -0.01 })).values, []);
    await service.queuePut({ queueId, values: [A] });
    assert.deepEqual((await waiting).values.map(text), ["a"]);
    assert.equal((await service.queueLen({ queueId })).len, 0);
    await service.queueHeartbeat({ queueId });
  });

  await t.test("all of it is there after the engine was killed", async () => {
    const { dictId } = await service.dictGetOrCreate({ deploymentName: "kept", ...NEW });
    const { queueId } = await service.queueGetOrCreate({ deploymentName: "kept", ...NEW });
    const large = Buffer.alloc(200_000, 7);
    await service.dictUpdate({ dictId, updates: [{ key: A, value: large }] });
    await service.queuePut({ queueId, values: [B, large] });
    await harness.end("SIGKILL");
    await harness.restart();
    const again = harness.service();
    assert.equal((await again.dictGetOrCreate({ deploymentName: "kept" })).dictId, dictId);
    assert.deepEqual((await again.dictGet({ dictId, key: A })).value, large);
    assert.deepEqual((await again.queueGet({ queueId, nValues: 5 })).values, [Buffer.from(B), large]);
  });
});
