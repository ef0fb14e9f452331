import assert from "node:assert/strict";
import { userInfo } from "node:os";
import { test } from "node:test";
import { AppState, DeploymentType } from "../../src/proto/gen/modal_pb.js";
import { RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { collected, EngineHarness, until } from "./engineHarness.ts";

const saying = (text: string) => `import modal, sys
app = modal.App("shop")
print("importing ${text}")

@app.function()
def answer(wanted="${text}"):
    print("answering " + wanted)
    print("aside", file=sys.stderr)
    if wanted == "failure":
        raise ValueError(wanted)
    return wanted

@app.function(max_containers=1)
def wait():
    import time
    time.sleep(600)
`;

test("versions, containers, logs and calls of an app, as the client sees them", async (t) => {
  const harness = await EngineHarness.start(t);
  const modal = harness.modal();
  const answer = () => modal.functions.fromName("shop", "answer");
  await harness.deploy(saying("one"));
  const { appId } = await modal.apps.lookup("shop");

  await t.test("a version that is put back is a new one, which answers and stands in the history", async () => {
    await harness.deploy(saying("two"));
    await harness.deploy(saying("three"));
    assert.equal(await answer().remote(), "three");
    await modal.apps.rollback(appId);
    assert.equal(await answer().remote(), "two");
    await modal.apps.rollback(appId, { version: 1 });
    assert.equal(await answer().remote(), "one");
    const history = await modal.apps.history(appId);
    assert.deepEqual(
      history.map(({ version, rollbackOf, isCurrent, rollbackAllowed }) => [
        version,
        rollbackOf,
        isCurrent,
        rollbackAllowed,
      ]),
      [
        [5, 1, true, false],
        [4, 2, false, true],
        [3, undefined, false, true],
        [2, undefined, false, true],
        [1, undefined, false, true],
      ],
    );
    assert.equal(history[0]?.deployedBy, userInfo().username);
    const { appDeploymentHistories } = await harness.service().appDeploymentHistory({ appId });
    const types = appDeploymentHistories.map(({ deploymentType }) => deploymentType);
    const { ROLLBACK, STANDARD } = DeploymentType;
    assert.deepEqual(types, [ROLLBACK, ROLLBACK, STANDARD, STANDARD, STANDARD]);
  });

  await t.test("what cannot be put back is refused with its reason", async () => {
    await assert.rejects(modal.apps.rollback(appId, { version: 9 }), {
      name: "NotFoundError",
      message: /no version 9; it is at version 5/,
    });
    await assert.rejects(modal.apps.rollback(appId, { version: -5 }), { name: "NotFoundError" });
    await assert.rejects(harness.service().appRollback({ appId, version: 0 }), { code: RpcStatus.INVALID_ARGUMENT });
    await assert.rejects(modal.apps.rollback("ap-0000000000000000000000"), { name: "NotFoundError" });
  });

  await t.test("an app tells how it stands, by id and by name", async () => {
    const byId = await modal.apps.lookup(appId);
    assert.deepEqual([byId.name, byId.environmentName, byId.state, byId.version], ["shop", "main", "DEPLOYED", 5]);
    assert.deepEqual(await modal.apps.lookup("shop"), byId);
    const { lifecycle } = await harness.service().appGetLifecycle({ appId });
    assert.deepEqual([lifecycle?.appState, lifecycle?.version], [AppState.DEPLOYED, 5]);
    await assert.rejects(modal.apps.info("ap-0000000000000000000000"), { name: "NotFoundError" });
  });

  await t.test("a container is known while it lives and after it ended", async () => {
    const call = await answer().spawn();
    await call.get();
    const { taskId } = await call.output(0);
    const alive = await modal.containers.info(taskId);
    assert.deepEqual([alive.appId, alive.finishedAt, alive.exception], [appId, 0, ""]);
    assert.ok(alive.startedAt >= alive.enqueuedAt && alive.enqueuedAt > 0);
    const listed = (await modal.containers.list()).find((container) => container.taskId === taskId);
    assert.ok(Math.abs((listed?.startedAt ?? 0) - alive.startedAt) < 3_600_000, "both times are of the same clock");
    await modal.containers.stop(taskId);
    await until("it is gone", async () => (await modal.containers.info(taskId)).finishedAt > 0);
    const dead = await modal.containers.info(taskId);
    assert.ok(dead.finishedAt >= dead.startedAt);
    assert.match(dead.exception, /was killed by SIGKILL/);
    await assert.rejects(modal.containers.stop(taskId), { name: "NotFoundError" });
    await assert.rejects(modal.containers.info("ta-0"), { name: "NotFoundError", message: /ta-0/ });
  });

  await t.test("logs are fetched, tailed and counted with every filter", async () => {
    const since = Date.now();
    const call = await answer().spawn(["Ada"]);
    await call.get();
    const { taskId } = await call.output(0);
    const { functionId } = await call.hydrate();
    await until("both prints are there", async () => (await call.logs.tail()).length === 2);
    const filter = { appId, functionCallId: call.functionCallId };
    const all = await collected(modal.logs.fetch({ ...filter, since, until: Date.now() + 1 }));
    assert.deepEqual(all.map(({ source, text }) => [source, text]).sort(), [
      ["stderr", "aside\n"],
      ["stdout", "answering Ada\n"],
    ]);
    for (const entry of all) {
      assert.deepEqual(
        [entry.taskId, entry.functionId, entry.functionCallId],
        [taskId, functionId, call.functionCallId],
      );
    }
    const texts = async (options: object) => (await modal.logs.tail({ ...filter, ...options })).map(({ text }) => text);
    assert.deepEqual(await texts({ source: "stderr" }), ["aside\n"]);
    assert.deepEqual(await texts({ searchText: "Ada" }), ["answering Ada\n"]);
    assert.deepEqual(await texts({ taskId: "ta-0" }), []);
    assert.deepEqual(await texts({ functionId, since, until: since + 1 }), []);
    assert.equal((await texts({ limit: 1 })).length, 1);
    const counts = await modal.logs.count({ ...filter, since, until: Date.now() + 1, bucketSeconds: 3_600 });
    const total = (source: "stdout" | "stderr" | "system") => counts.reduce((sum, count) => sum + count[source], 0);
    assert.deepEqual([total("stdout"), total("stderr"), total("system")], [1, 1, 0]);
    assert.ok(counts.every(({ startsAt }) => startsAt % 3_600_000 === 0));
    await assert.rejects(modal.logs.count({ appId, since: 0, until: 1e9, bucketSeconds: 1 }), /at most 10000 buckets/);
    assert.deepEqual((await collected(call.logs.fetch())).length, 2);
  });

  await t.test("a call's logs are followed until it has finished", async () => {
    const call = await answer().spawn(["Grace"]);
    const followed = await collected(call.logs.stream({ follow: true }));
    assert.deepEqual(followed.map(({ text }) => text).sort(), ["answering Grace\n", "aside\n"]);
  });

  await t.test("reading goes on inside a batch, without a gap and without a repeat", async () => {
    const whole = (await collected(modal.logs.stream({ appId }))).map(({ text }) => text);
    assert.ok(whole.length > 5);
    const read: string[] = [];
    for (let cursor: string | undefined; read.length < whole.length; ) {
      for await (const entry of modal.logs.stream({ appId, cursor })) {
        read.push(entry.text);
        ({ cursor } = entry);
        break;
      }
    }
    assert.deepEqual(read, whole);
  });

  await t.test("the recent inputs of a function tell how they went, newest first", async () => {
    const failed = await answer().spawn(["failure"]);
    await assert.rejects(failed.get(), /failure/);
    const { functionId } = await failed.hydrate();
    const [newest, before] = await modal.calls.recentInputs(functionId, { limit: 2 });
    assert.deepEqual([newest?.functionCallId, newest?.status], [failed.functionCallId, "FAILURE"]);
    assert.equal(newest?.taskId, (await failed.output(0)).taskId);
    assert.ok((newest?.executionMs ?? -1) >= 0 && (newest?.startedAt ?? 0) >= (newest?.enqueuedAt ?? 0));
    assert.equal(before?.status, "SUCCESS");
    const from = (newest?.enqueuedAt ?? 0) - 1;
    assert.equal((await modal.calls.recentInputs(functionId, { since: from })).length, 1);
    assert.deepEqual(await modal.calls.recentInputs(functionId, { since: 1, until: 2 }), []);
    const info = await failed.info();
    assert.deepEqual([info.totalInputs, info.failedInputs, info.pendingInputs], [1, 1, 0]);
    const { info: named } = await harness.service().functionCallGetInfo({ functionCallId: failed.functionCallId });
    assert.deepEqual(
      named?.failedInputs?.latest.map(({ inputId, idx, taskId }) => [inputId, idx, taskId]),
      [[(await failed.output(0)).inputId, 0, newest?.taskId]],
    );
  });

  await t.test("an input that runs is told from one that waits", async () => {
    const wait = modal.functions.fromName("shop", "wait");
    const running = await wait.spawn();
    const statuses = async () => {
      const { functionId } = await running.hydrate();
      return (await modal.calls.recentInputs(functionId)).map(({ status }) => status);
    };
    await until("it runs", async () => (await statuses())[0] === "RUNNING");
    const waiting = await wait.spawn();
    assert.deepEqual(await statuses(), ["PENDING", "RUNNING"]);
    const [named] = await running.runningInputs();
    const { functionId } = await running.hydrate();
    const [, fetched] = await modal.calls.recentInputs(functionId);
    assert.deepEqual([named?.index, named?.taskId], [0, fetched?.taskId]);
    // Times of calls are told in whole milliseconds.
    assert.ok(named && named.startedAt > (fetched?.enqueuedAt ?? Number.POSITIVE_INFINITY) - 1);
    assert.deepEqual(await waiting.runningInputs(), []);
    for (const call of [running, waiting]) await call.cancel({ terminateContainers: true });
    await until("both are cancelled", async () => (await statuses()).every((status) => status === "TERMINATED"));
  });

  await t.test("metrics count what ended, and time what succeeded", async () => {
    const now = Date.now();
    const fn = answer();
    const metrics = await fn.getMetrics({ since: now - 3_600_000, until: now + 120_000, bucketSeconds: 60 });
    assert.equal(metrics.bucketSeconds, 60);
    const series = new Map(metrics.series.map(({ name, points }) => [name, points]));
    const sum = (name: string) => series.get(name)?.reduce((total, { value = 0 }) => total + value, 0);
    const { functionId } = await fn.hydrate();
    const inputs = await modal.calls.recentInputs(functionId, { limit: 1_000 });
    const counted = (status: string) => inputs.filter((input) => input.status === status).length;
    assert.equal(sum("successful_calls_count"), counted("SUCCESS"));
    assert.equal(sum("failed_calls_count"), counted("FAILURE"));
    assert.equal(sum("cancelled_calls_count"), 0);
    const means = series.get("execution_time_mean") ?? [];
    const longest = series.get("execution_time_max") ?? [];
    assert.ok(means.some(({ value }) => value !== undefined) && means.some(({ value }) => value === undefined));
    for (const [index, { value }] of means.entries()) assert.ok((value ?? 0) <= (longest[index]?.value ?? 0) + 1e-9);
    for (const bucketSecs of [1, 60]) {
      const since = { seconds: 0n };
      await assert.rejects(
        harness.service().functionGetMetrics({ functionId, since, bucketSecs }),
        /at most 500 points/,
      );
    }
    const calls = await fn.getMetrics({ groups: ["calls"] });
    assert.deepEqual(
      calls.series.map(({ unit }) => unit),
      ["inputs", "inputs", "inputs"],
    );
    assert.equal(calls.series[0]?.points.length, 60);
    await assert.rejects(
      fn.getMetrics({ groups: ["weather"] }),
      /no group of metrics weather; there are: calls, execution/,
    );
  });

  await t.test("clean forgets old logs of no input, and keeps what may be put back", async () => {
    const outside = async () => (await collected(modal.logs.stream({ appId }))).filter(({ inputId }) => inputId === "");
    assert.ok((await outside()).length > 0);
    await harness.engine().clean({ olderThanSeconds: 3_600 });
    assert.ok((await outside()).length > 0);
    await harness.engine().clean({ olderThanSeconds: 0 });
    assert.deepEqual(await outside(), []);
    await modal.apps.rollback(appId, { version: 2 });
    assert.equal(await answer().remote(), "two");
  });

  await t.test("a stopped app is found by its name, but not put back", async () => {
    await modal.apps.stop(appId);
    const stopped = await modal.apps.lookup("shop");
    assert.deepEqual([stopped.appId, stopped.state], [appId, "STOPPED"]);
    assert.ok(stopped.stoppedAt > 0);
    await assert.rejects(modal.apps.rollback(appId), { name: "ConflictError", message: /is stopped/ });
    assert.ok((await modal.apps.history(appId)).every(({ rollbackAllowed }) => !rollbackAllowed));
  });
});

test("environments and the workspace of this machine", async (t) => {
  const harness = await EngineHarness.start(t);
  const modal = harness.modal();
  const names = async () => (await modal.environments.list()).map(({ name, isDefault }) => [name, isDefault]);
  assert.deepEqual(await names(), [["main", true]]);
  assert.equal(await modal.environments.lookup(), "main");
  assert.equal(await modal.environments.create("dev"), "dev");
  await assert.rejects(modal.environments.create("dev"), { name: "AlreadyExistsError" });
  await assert.rejects(modal.environments.lookup("test"), { name: "NotFoundError", message: /there are: dev, main/ });
  for (const name of ["en-1", "a b", "_x"]) {
    await assert.rejects(modal.environments.create(name), { name: "InvalidError", message: /cannot name/ });
  }
  const path = await harness.write("app.py", saying("one"));
  await harness.engine().deploy({ path, python: "python3", environmentName: "stage" });
  assert.deepEqual(await names(), [
    ["dev", false],
    ["main", true],
    ["stage", false],
  ]);
  await harness.end("SIGTERM");
  await harness.restart();
  const again = harness.modal();
  assert.equal((await again.environments.list()).length, 3);
  assert.equal(await again.workspace.name(), "local");
  const { tokenId, username, workspaceName } = await again.workspace.tokenInfo();
  assert.deepEqual([tokenId, username, workspaceName], [harness.ready.tokenId, userInfo().username, "local"]);
});

test("what instances of a class did counts for the class when variants are asked for", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(`import modal
app = modal.App("models")

@app.cls()
class Model:
    name: str = modal.parameter(default="model")

    @modal.method()
    def tell(self):
        return self.name
`);
  const modal = harness.modal();
  const Model = await modal.classes.lookup("models", "Model");
  const calls: string[] = [];
  for (const name of ["Ada", "Grace"]) {
    const call = await Model.instance({ name }).method("tell").spawn();
    assert.equal(await call.get(), name);
    calls.unshift(call.functionCallId);
  }
  const { appId } = await modal.apps.lookup("models");
  const { appLayout } = await harness.service().appGetLayout({ appId });
  const [functionId = ""] = Object.values(appLayout?.functionIds ?? {});
  const inputs = await modal.calls.recentInputs(functionId, { allVariants: true });
  assert.deepEqual(
    inputs.map(({ functionCallId, methodName }) => [functionCallId, methodName]),
    calls.map((id) => [id, "tell"]),
  );
  assert.deepEqual(await modal.calls.recentInputs(functionId), []);
  const now = Date.now();
  const span = { since: now - 600_000, until: now + 120_000, bucketSeconds: 60, groups: ["calls"] };
  const fn = modal.functions.fromId(functionId);
  for (const [allVariants, successes] of [
    [true, 2],
    [false, 0],
  ] as const) {
    const [successful] = (await fn.getMetrics({ ...span, allVariants })).series;
    assert.equal(
      successful?.points.reduce((total, { value = 0 }) => total + value, 0),
      successes,
    );
  }
});
