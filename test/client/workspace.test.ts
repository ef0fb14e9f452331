import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AppState,
  Function_FunctionType,
  FunctionCallInputStatus,
  ObjectCreationType,
  ParameterType,
  GenericResult_GenericStatus as Status,
} from "../../src/proto/gen/modal_pb.js";
import { RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { FakeModal } from "./fakeModal.ts";

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

  const live = { appState: AppState.DEPLOYED, version: 3, deployedAt: 2 };
  server.intercept(
    "appGetByDeploymentName",
    () => ({ appId: "ap-1", lifecycle: live }),
    () => ({}),
  );
  const one = { appId: "ap-1", name: "one", environmentName: "dev", state: "DEPLOYED", version: 3 };
  const times = { createdAt: 0, deployedAt: 2_000, deployedBy: "", stoppedAt: 0 };
  assert.deepEqual(await apps.lookup("one"), { ...one, ...times });
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

const APP_ID = "ap-0123456789abcdefABCDEF";
const lifecycle = {
  appState: AppState.STOPPED,
  version: 2,
  createdAt: 1,
  deployedAt: 2,
  deployedBy: "ada",
  stoppedAt: 3,
};
const stopped = {
  appId: APP_ID,
  state: "STOPPED",
  version: 2,
  createdAt: 1_000,
  deployedAt: 2_000,
  deployedBy: "ada",
  stoppedAt: 3_000,
};

test("a name that no app holds any more finds the one that held it last", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { apps } = server.client();
  server.intercept("appGetByDeploymentName", () => ({ previousAppId: APP_ID, environmentName: "main", lifecycle }));
  assert.deepEqual(await apps.lookup("gone"), { ...stopped, name: "gone", environmentName: "main" });
});

test("an app is known by its id, by name too where the server has AppGetInfo", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { apps } = server.client();
  server.intercept("appGetInfo", () => ({ info: { description: "shop", environmentName: "dev", lifecycle } }));
  assert.deepEqual(await apps.lookup(APP_ID), { ...stopped, name: "shop", environmentName: "dev" });
  const older = () => ({ lifecycle });
  server.intercept("appGetLifecycle", older, older);
  for (let time = 0; time < 2; time++) {
    assert.deepEqual(await apps.info(APP_ID), { ...stopped, name: "", environmentName: "" });
  }
  assert.equal(server.requests("appGetInfo").length, 2, "that it lacks the newer method is remembered");
  server.fail("appGetLifecycle", RpcStatus.NOT_FOUND, 1, "App not found");
  await assert.rejects(apps.info(APP_ID), { name: "NotFoundError", message: "App not found" });
});

test("an app's classes are laid out with their methods, in both forms that servers give", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { apps } = server.client();
  const newer = { classFunctionMetadata: { methodHandleMetadata: { get: {}, put: {} } } };
  const older = { methods: [{ functionName: "get" }] };
  const described = (value: object) => ({ case: "classHandleMetadata" as const, value });
  server.intercept("appGetLayout", () => ({
    appLayout: {
      classIds: { Newer: "cs-1", Older: "cs-2", Bare: "cs-3" },
      objects: [
        { objectId: "cs-1", handleMetadataOneof: described(newer) },
        { objectId: "cs-2", handleMetadataOneof: described(older) },
      ],
    },
  }));
  assert.deepEqual(await apps.classes("ap-1"), [
    { name: "Newer", classId: "cs-1", methodNames: ["get", "put"] },
    { name: "Older", classId: "cs-2", methodNames: ["get"] },
    { name: "Bare", classId: "cs-3", methodNames: [] },
  ]);
});

test("an app is rolled back to a version, or to the one before; there is no version 0", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { apps } = server.client();
  server.intercept(
    "appRollback",
    () => ({}),
    () => ({}),
  );
  await apps.rollback("ap-1");
  await apps.rollback("ap-1", { version: 3 });
  assert.deepEqual(
    server.requests("appRollback").map(({ request }) => [request.appId, request.version]),
    [
      ["ap-1", -1],
      ["ap-1", 3],
    ],
  );
  for (const version of [0, 1.5]) {
    await assert.rejects(apps.rollback("ap-1", { version }), { name: "InvalidError", message: /is not a version/ });
  }
  server.fail("appRollback", RpcStatus.FAILED_PRECONDITION, 1, "not deployed");
  await assert.rejects(apps.rollback("ap-1"), { name: "ConflictError", message: "not deployed" });
});

test("environments are listed by name, looked up and made", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { environments } = server.client();
  server.intercept("environmentList", () => ({
    items: [{ name: "main", default: true, createdAt: 1.5 }, { name: "dev" }],
  }));
  assert.deepEqual(await environments.list(), [
    { name: "dev", isDefault: false, createdAt: 0 },
    { name: "main", isDefault: true, createdAt: 1_500 },
  ]);
  server.intercept(
    "environmentGetOrCreate",
    () => ({ metadata: { name: "main" } }),
    () => ({ metadata: { name: "new" } }),
  );
  assert.equal(await environments.lookup(), "main");
  assert.equal(await environments.create("new"), "new");
  assert.deepEqual(
    server.requests("environmentGetOrCreate").map(({ request }) => request.objectCreationType),
    [ObjectCreationType.UNSPECIFIED, ObjectCreationType.CREATE_FAIL_IF_EXISTS],
  );
  server.fail("environmentGetOrCreate", RpcStatus.ALREADY_EXISTS, 1);
  await assert.rejects(environments.create("new"), { name: "AlreadyExistsError" });
});

test("the workspace has a name, and the token an owner: a user or a service user", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { workspace } = server.client();
  server.intercept("workspaceNameLookup", () => ({ username: "acme" }));
  assert.equal(await workspace.name(), "acme");
  const info = { tokenId: "ak-1", tokenName: "laptop", workspaceName: "acme" };
  const owner = { case: "serviceUserIdentity" as const, value: { serviceUserName: "ci" } };
  server.intercept(
    "tokenInfoGet",
    () => ({ ...info, createdAt: { seconds: 5n }, identity: { case: "userIdentity", value: { username: "ada" } } }),
    () => ({ ...info, expiresAt: { seconds: 6n }, identity: owner }),
  );
  assert.deepEqual(await workspace.tokenInfo(), { ...info, username: "ada", createdAt: 5_000, expiresAt: undefined });
  assert.deepEqual(await workspace.tokenInfo(), { ...info, username: "ci", createdAt: undefined, expiresAt: 6_000 });
});

test("a container is known by its id, also after its end, and stopped", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { containers } = server.client();
  server.intercept("taskGetInfo", () => ({
    appId: "ap-1",
    info: { id: "ta-1", enqueuedAt: 1, startedAt: 2, finishedAt: 3, result: { exception: "ran out of memory" } },
  }));
  assert.deepEqual(await containers.info("ta-1"), {
    taskId: "ta-1",
    appId: "ap-1",
    enqueuedAt: 1_000,
    startedAt: 2_000,
    finishedAt: 3_000,
    exception: "ran out of memory",
  });
  server.intercept(
    "containerStop",
    () => ({}),
    () => ({}),
  );
  await containers.stop("ta-1");
  await containers.stop("ta-1", { graceful: true });
  assert.deepEqual(
    server.requests("containerStop").map(({ request }) => [request.taskId, request.graceful]),
    [
      ["ta-1", false],
      ["ta-1", true],
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
  const told = {
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
  };
  server.intercept("functionGetCallGraph", () => told);
  const call = server.client().calls.fromId("fc-1");
  const roots = await call.getCallGraph();
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
  server.intercept("functionGetCallGraph", () => told);
  const { inputs, functionCalls } = await call.listCallGraph();
  assert.deepEqual(inputs[3], { inputId: "in-4", functionCallId: "fc-3", taskId: "", status: "FAILURE" });
  const lost = { functionCallId: "fc-3", parentInputId: "in-99", functionName: "lost", moduleName: "" };
  assert.deepEqual(functionCalls[2], lost);
});

const fetched = [
  {
    functionCallId: "fc-1",
    enqueuedAt: { seconds: 5n },
    startedAt: { seconds: 6n },
    executionTimeSeconds: 0.5,
    startupTimeSeconds: 0.25,
    containerId: "ta-1",
    serviceMethodName: "get",
    status: FunctionCallInputStatus.SUCCESS,
  },
  { functionCallId: "fc-2", enqueuedAt: { seconds: 9n }, status: FunctionCallInputStatus.RUNNING },
  { functionCallId: "fc-1", enqueuedAt: { seconds: 5n }, status: FunctionCallInputStatus.IDLE_TIMEOUT },
];
const waiting = { startedAt: undefined, executionMs: undefined, startupMs: undefined, taskId: "", methodName: "" };

test("a function's recent inputs are the newest first, the last ones or those of a time", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { calls } = server.client();
  const answer = () => ({ functionCallInputs: fetched });
  server.intercept("functionCallFetch", answer, answer);
  assert.deepEqual(await calls.recentInputs("fu-1", { limit: 3 }), [
    { ...waiting, functionCallId: "fc-2", status: "RUNNING", enqueuedAt: 9_000 },
    {
      functionCallId: "fc-1",
      status: "SUCCESS",
      enqueuedAt: 5_000,
      startedAt: 6_000,
      executionMs: 500,
      startupMs: 250,
      taskId: "ta-1",
      methodName: "get",
    },
    { ...waiting, functionCallId: "fc-1", status: "IDLE_TIMEOUT", enqueuedAt: 5_000 },
  ]);
  await calls.recentInputs("fu-1", { since: 1_000, until: 2_500, allVariants: true });
  const [tail, range] = server.requests("functionCallFetch").map(({ request }) => request);
  assert.deepEqual([tail.tail.count, tail.range, tail.allVariants, range.allVariants], [3, undefined, false, true]);
  assert.deepEqual([range.tail, range.range.limit, Number(range.range.since.seconds)], [undefined, 100, 1]);
  assert.equal(range.range.until.nanos, 500_000_000);
});

test("where FunctionCallFetch is missing, recent inputs are those that the function's calls name", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { calls } = server.client();
  const list = () => ({
    functionCalls: [
      {
        functionCallId: "fc-1",
        createdAt: 1,
        succeededInputs: { total: 1, latest: [{ taskId: "ta-1", startedAt: 2, finishedAt: 3 }] },
      },
      { functionCallId: "fc-2", createdAt: 4, pendingInputs: { total: 1 } },
      { functionCallId: "fc-3", createdAt: 9, failedInputs: { total: 1, latest: [{}] } },
    ],
  });
  const info = () => ({ info: { functionCallId: "fc-2", createdAt: 4, pendingInputs: { total: 1, latest: [{}] } } });
  server.intercept("functionCallList", list, list);
  server.intercept("functionCallGetInfo", info, info);
  const older = await calls.recentInputs("fu-1", { since: 0, until: 5_000 });
  assert.deepEqual(older, [
    { ...waiting, functionCallId: "fc-2", status: "PENDING", enqueuedAt: 4_000 },
    {
      ...waiting,
      functionCallId: "fc-1",
      status: "SUCCESS",
      enqueuedAt: 1_000,
      startedAt: 2_000,
      executionMs: 1_000,
      taskId: "ta-1",
    },
  ]);
  const newest = await calls.recentInputs("fu-1", { limit: 1 });
  assert.deepEqual(
    newest.map(({ functionCallId, status }) => [functionCallId, status]),
    [["fc-3", "FAILURE"]],
  );
  assert.equal(server.requests("functionCallFetch").length, 1, "that it is missing is remembered");
  assert.ok(server.requests("functionCallGetInfo").every(({ request }) => request.functionCallId === "fc-2"));
});

test("where a server has no list of calls, its recent inputs are counted by call", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { calls } = server.client();
  const answer = () => ({ functionCallInputs: fetched });
  server.intercept("functionCallFetch", answer, answer);
  const none = { pendingInputs: 0, succeededInputs: 0, failedInputs: 0, timedOutInputs: 0, cancelledInputs: 0 };
  for (let time = 0; time < 2; time++) {
    assert.deepEqual(await calls.list("fu-1"), [
      { ...none, functionCallId: "fc-2", createdAt: 9_000, totalInputs: 1, pendingInputs: 1 },
      { ...none, functionCallId: "fc-1", createdAt: 5_000, totalInputs: 2, succeededInputs: 1, failedInputs: 1 },
    ]);
  }
  assert.equal(server.requests("functionCallList").length, 1);
});

test(
  "metrics have series of points, some without a value; a server that measures nothing is named so",
  LIMIT,
  async () => {
    await using server = await FakeModal.start();
    const fn = server.client().functions.fromId("fu-1");
    server.intercept("functionGetMetrics", () => ({
      since: { seconds: 60n },
      until: { seconds: 180n },
      bucketSecs: 60,
      series: [
        {
          name: "successful_calls_count",
          unit: "calls",
          description: "Calls that succeeded.",
          points: [{ timestamp: { seconds: 60n }, value: 0 }, { timestamp: { seconds: 120n } }],
        },
      ],
    }));
    assert.deepEqual(
      await fn.getMetrics({ since: 61_000, until: 185_000, bucketSeconds: 60, groups: ["calls"], allVariants: true }),
      {
        since: 60_000,
        until: 180_000,
        bucketSeconds: 60,
        series: [
          {
            name: "successful_calls_count",
            unit: "calls",
            description: "Calls that succeeded.",
            points: [
              { at: 60_000, value: 0 },
              { at: 120_000, value: undefined },
            ],
          },
        ],
      },
    );
    const request = server.requests("functionGetMetrics")[0]?.request;
    assert.deepEqual([request.functionId, request.bucketSecs, request.groups], ["fu-1", 60, ["calls"]]);
    assert.equal(request.rollup, true);
    await assert.rejects(fn.getMetrics(), { name: "UnimplementedError", message: /keeps no metrics/ });
    for (const [options, message] of [
      [{ since: 2, until: 1 }, /no time/],
      [{ since: 0, until: 32 * 86_400_000 }, /31 days/],
      [{ bucketSeconds: 59 }, /at least 60/],
      [{ since: 0, until: 31 * 86_400_000, bucketSeconds: 60 }, /at most 500 points/],
    ] as const) {
      await assert.rejects(fn.getMetrics(options), { name: "InvalidError", message });
    }
  },
);

test("a client for another environment shares the connection", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.intercept("appList", () => ({ apps: [] }));
  server.intercept("appList", () => ({ apps: [] }));
  const modal = server.client();
  const dev = modal.inEnvironment("dev");
  assert.deepEqual([modal.environmentName, dev.environmentName], ["", "dev"]);
  assert.equal(dev.inEnvironment("dev"), dev);
  await dev.apps.list();
  await modal.apps.list();
  const asked = server.requests("appList").map(({ request }) => request.environmentName);
  assert.deepEqual(asked, ["dev", ""]);
  modal.close();
  await assert.rejects(dev.apps.list(), { name: "ClientClosed" });
});
