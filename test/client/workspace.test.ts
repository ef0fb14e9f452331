import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AppState,
  FileDescriptor,
  Function_FunctionType,
  ParameterType,
  GenericResult_GenericStatus as Status,
} from "../../src/proto/gen/modal_pb.js";
import { collect, FakeModal, until } from "./fakeModal.ts";

const LIMIT = { timeout: 20_000 };

test("apps are listed, looked up by name, laid out, stopped, and have a history", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { apps } = server.client({ environmentName: "dev" });
  server.intercept("appList", () => ({
    apps: [{ appId: "ap-1", name: "one", state: AppState.DEPLOYED, createdAt: 1.5, nRunningTasks: 2 }],
  }));
  const listed = {
    appId: "ap-1",
    name: "one",
    state: "DEPLOYED",
    createdAt: 1_500,
    stoppedAt: 0,
    numRunningContainers: 2,
  };
  assert.deepEqual(await apps.list(), [listed]);
  assert.equal(server.requests("appList")[0]?.request.environmentName, "dev");

  const lifecycle = { appState: AppState.DEPLOYED, version: 3, deployedAt: 2 };
  server.intercept(
    "appGetByDeploymentName",
    () => ({ appId: "ap-1", lifecycle }),
    () => ({}),
  );
  assert.deepEqual(await apps.lookup("one"), { appId: "ap-1", state: "DEPLOYED", version: 3, deployedAt: 2_000 });
  await assert.rejects(apps.lookup("two"), { name: "NotFoundError", message: /"two"/ });

  const metadata = {
    case: "functionHandleMetadata" as const,
    value: { functionName: "f", functionType: Function_FunctionType.GENERATOR },
  };
  server.intercept("appGetLayout", () => ({
    appLayout: { functionIds: { f: "fu-1" }, objects: [{ objectId: "fu-1", handleMetadataOneof: metadata }] },
  }));
  const [fn] = await apps.layout("ap-1");
  assert.deepEqual([fn?.name, fn?.functionId, fn?.isGenerator, fn?.metadata.functionName], ["f", "fu-1", true, "f"]);

  server.intercept("appStop", () => ({}));
  await apps.stop("ap-1");
  assert.equal(server.requests("appStop")[0]?.request.appId, "ap-1");

  server.intercept("appDeploymentHistory", () => ({
    appDeploymentHistories: [
      { version: 1, deployedAt: 1 },
      { version: 2, deployedAt: 2, deployedBy: "me" },
    ],
    productionAppVersion: 2,
  }));
  const history = await apps.history("ap-1");
  assert.deepEqual(
    history.map(({ version, isCurrent, deployedBy }) => [version, isCurrent, deployedBy]),
    [
      [2, true, "me"],
      [1, false, ""],
    ],
  );
});

test("containers and calls are listed with times in milliseconds", LIMIT, async () => {
  await using server = await FakeModal.start();
  const modal = server.client();
  server.intercept("taskList", () => ({
    tasks: [{ taskId: "ta-1", appId: "ap-1", appDescription: "one", startedAt: 2.5, enqueuedAt: 2 }],
  }));
  assert.deepEqual(await modal.containers.list("ap-1"), [
    { taskId: "ta-1", appId: "ap-1", appName: "one", enqueuedAt: 2_000, startedAt: 2_500 },
  ]);
  server.intercept("functionCallList", () => ({
    functionCalls: [
      {
        functionCallId: "fc-1",
        createdAt: 1,
        totalInputs: 3,
        succeededInputs: { total: 2 },
        pendingInputs: { total: 1 },
      },
    ],
  }));
  const [info] = await modal.calls.list("fu-1");
  assert.deepEqual(info, {
    functionCallId: "fc-1",
    createdAt: 1_000,
    totalInputs: 3,
    pendingInputs: 1,
    succeededInputs: 2,
    failedInputs: 0,
    timedOutInputs: 0,
    cancelledInputs: 0,
  });
});

test("a function's schema has names, types and defaults", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { PARAM_TYPE_INT, PARAM_TYPE_LIST } = ParameterType;
  server.functionMetadata = {
    functionSchema: {
      arguments: [
        { name: "items", fullType: { baseType: PARAM_TYPE_LIST, subTypes: [{ baseType: PARAM_TYPE_INT }] } },
        { name: "x", hasDefault: true },
      ],
    },
  };
  const fn = await server.client().functions.lookup("app", "f");
  assert.deepEqual(fn.schema, {
    parameters: [
      { name: "items", hasDefault: false, type: { base: "list", sub: [{ base: "int", sub: [] }] } },
      { name: "x", hasDefault: true, type: { base: "unknown", sub: [] } },
    ],
    returnType: { base: "unknown", sub: [] },
  });
});

test("the call graph is a forest; an input without its parent is left out", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.intercept("functionGetCallGraph", () => ({
    inputs: [
      { inputId: "in-1", functionCallId: "fc-1", taskId: "ta-1", status: Status.SUCCESS },
      { inputId: "in-2", functionCallId: "fc-2", status: Status.INIT_FAILURE },
      { inputId: "in-3", functionCallId: "fc-2", status: 42 as Status },
      { inputId: "in-4", functionCallId: "fc-3", status: Status.FAILURE },
      { inputId: "in-5", functionCallId: "fc-2", status: Status.INTERNAL_FAILURE },
    ],
    functionCalls: [
      { functionCallId: "fc-1", functionName: "root", moduleName: "m" },
      { functionCallId: "fc-2", functionName: "leaf", moduleName: "m", parentInputId: "in-1" },
      { functionCallId: "fc-3", functionName: "lost", parentInputId: "in-99" },
    ],
  }));
  const roots = await server.client().calls.fromId("fc-1").getCallGraph();
  const leaf = { functionCallId: "fc-2", taskId: "", functionName: "leaf", moduleName: "m", children: [] };
  assert.deepEqual(roots, [
    {
      inputId: "in-1",
      functionCallId: "fc-1",
      taskId: "ta-1",
      status: "SUCCESS",
      functionName: "root",
      moduleName: "m",
      children: [
        { ...leaf, inputId: "in-2", status: "INIT_FAILURE" },
        { ...leaf, inputId: "in-3", status: "PENDING" },
        { ...leaf, inputId: "in-5", status: "FAILURE" },
      ],
    },
  ]);
});

test("logs end with what is there, or are followed across streams until the app is done", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { apps } = server.client();
  async function* first() {
    yield {
      entryId: "1-0",
      taskId: "ta-1",
      items: [
        { data: "a", timestamp: 1.5, fileDescriptor: FileDescriptor.STDOUT, inputId: "in-1", functionCallId: "fc-1" },
        { taskState: 4 },
      ],
    };
  }
  async function* second() {
    yield { entryId: "2-0", items: [{ data: "b", timestampNs: 2_000_000n, fileDescriptor: FileDescriptor.STDERR }] };
    yield { appDone: true };
  }
  server.intercept("appGetLogs", first, first, second);
  const entry = {
    at: 1_500,
    stream: "stdout",
    text: "a",
    taskId: "ta-1",
    inputId: "in-1",
    functionCallId: "fc-1",
    entryId: "1-0",
  };
  assert.deepEqual(await collect(apps.logs({ appId: "ap-1", functionCallId: "fc-1" })), [entry]);
  const followed = await collect(apps.logs({ appId: "ap-1", follow: true }));
  assert.deepEqual(
    followed.map(({ text, stream, at }) => [text, stream, at]),
    [
      ["a", "stdout", 1_500],
      ["b", "stderr", 2],
    ],
  );
  const requests = server.requests("appGetLogs").map(({ request }) => [request.timeout, request.lastEntryId]);
  assert.deepEqual(requests, [
    [0, ""],
    [55, ""],
    [55, "1-0"],
  ]);
});

test("leaving or aborting a log ends the stream on the server", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { apps } = server.client();
  async function* endless(_request: unknown, { signal }: { signal: AbortSignal }) {
    yield { items: [{ data: "a" }] };
    await until(() => signal.aborted);
  }
  server.intercept("appGetLogs", endless, endless);
  for await (const _ of apps.logs({ appId: "ap-1", follow: true })) break;
  const controller = new AbortController();
  await assert.rejects(
    async () => {
      for await (const _ of apps.logs({ appId: "ap-1", follow: true, signal: controller.signal })) {
        controller.abort(new Error("enough"));
      }
    },
    { message: "enough" },
  );
  await until(() => server.requests("appGetLogs").every(({ signal }) => signal.aborted));
});
