import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { FileDescriptor, GenericResult_GenericStatus } from "../../src/proto/gen/modal_pb.js";
import { RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { FakeModal, gate } from "../client/fakeModal.ts";
import { CommandLine, type Outcome } from "./commandLine.ts";

let cli: CommandLine;
let server: FakeModal;

before(async () => {
  cli = await CommandLine.build();
});
after(() => cli[Symbol.asyncDispose]());

beforeEach(async () => {
  server = await FakeModal.start();
  const account = 'token_id = "ak-work"\ntoken_secret = "as-work"';
  cli.env.MODAL_CONFIG_PATH = await cli.file(
    "modal.toml",
    `[work]\n${account}\nserver_url = "${server.url}"\nenvironment = "staging"\nactive = true\n
[gone]\n${account}\nserver_url = "http://127.0.0.1:1"\n
[bare]\nserver_url = "http://me:as-url@127.0.0.1:2"\n`,
  );
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  assert.equal(existsSync(cli.dataFolder), false, "no engine was started");
});

/** Runs a command; the test fails when a secret is printed. */
async function run(args: readonly string[], stdin = ""): Promise<Outcome> {
  const outcome = await cli.run(args, stdin);
  assert.doesNotMatch(outcome.stdout + outcome.stderr, /as-/);
  return outcome;
}

/** Runs a command with the profile `work`; returns what it printed. */
async function work(args: readonly string[], stdin = ""): Promise<string> {
  const { code, stdout, stderr } = await run(["--profile", "work", ...args], stdin);
  assert.equal(code, 0, stderr);
  return stdout;
}

test("call, spawn, map and stats go to the profile's server, in its environment, as its account", async () => {
  assert.equal(await work(["call", "app", "square", "--args", "[7]"]), "49\n");
  assert.equal(await work(["spawn", "app", "square", "--args", "[7]"]), "fc-2\n");
  const mapped = await work(["map", "app", "square", "--inputs", "-"], "2\n3\n");
  assert.equal(mapped, '{"index":0,"result":4}\n{"index":1,"result":9}\n');
  const stats = JSON.parse(await work(["stats", "app", "square", "--json"]));
  assert.deepEqual(stats, { backlog: 4, numTotalRunners: 3, numRunningInputs: 2, inputHeadroom: 1, startFailure: "" });
  for (const { metadata } of server.seen) {
    assert.deepEqual(["x-modal-token-id", "x-modal-token-secret"].map(metadata), ["ak-work", "as-work"]);
  }
  const environments = server.requests("functionGet").map(({ request }) => request.environmentName);
  assert.deepEqual(new Set(environments), new Set(["staging"]));
});

test("get and cancel take a call of the profile's server", async () => {
  const handleMetadataOneof = { case: "functionHandleMetadata" as const, value: { functionName: "square" } };
  server.intercept("appGetLayout", () => ({
    appLayout: { functionIds: { square: "fu-1" }, objects: [{ objectId: "fu-1", handleMetadataOneof }] },
  }));
  const id = (await work(["spawn", "app", "square", "--args", "[7]"])).trim();
  assert.equal(await work(["get", id]), "49\n");
  await work(["cancel", id, "--terminate-containers"]);
  const [{ request } = assert.fail()] = server.requests("functionCallCancel");
  assert.deepEqual([request.functionCallId, request.terminateContainers], [id, true]);
});

test("graph draws a call of the profile's server", async () => {
  server.intercept("functionGetCallGraph", () => ({
    inputs: [{ inputId: "in-1", functionCallId: "fc-1", status: GenericResult_GenericStatus.SUCCESS }],
    functionCalls: [{ functionCallId: "fc-1", functionName: "square" }],
  }));
  assert.equal(await work(["graph", "fc-1"]), "square  fc-1  1 input: 1 SUCCESS\n");
});

test("logs prints what functions on the profile's server printed", async () => {
  const items = [{ data: "hello\n", fileDescriptor: FileDescriptor.STDOUT, timestamp: 1, timestampNs: 1_000_000_000n }];
  server.intercept("appGetByDeploymentName", () => ({ appId: "ap-1" }));
  server.intercept("appGetLogs", async function* () {
    yield { entryId: "1-0", items, appDone: true };
  });
  const found = () => ({ batches: [{ entryId: "1-0", items }] });
  server.intercept("appFetchLogs", found, found, found, found); // Looks further and further back.
  assert.equal(await work(["logs", "app"]), "hello\n");
  assert.equal(server.requests("appGetByDeploymentName")[0]?.request.environmentName, "staging");
});

test("--environment and MODAL_ENVIRONMENT choose another environment of the account", async () => {
  await work(["call", "app", "square", "--args", "[1]", "--environment", "dev"]);
  cli.env.MODAL_ENVIRONMENT = "prod";
  await work(["call", "app", "square", "--args", "[1]"]);
  delete cli.env.MODAL_ENVIRONMENT;
  const environments = server.requests("functionGet").map(({ request }) => request.environmentName);
  assert.deepEqual(environments, ["dev", "prod"]);
});

test("Ctrl-C cancels the call on the profile's server", async () => {
  const begun = gate();
  server.run = () => {
    begun.open();
    return new Promise(() => {});
  };
  const call = cli.start(["call", "app", "nap", "--profile", "work"]);
  await begun.promise;
  call.interrupt();
  assert.equal((await call.outcome).code, 130);
  assert.equal(server.requests("functionCallCancel").length, 1);
});

/** What ends with one sentence, and how. */
const FAILURES: readonly (readonly [string[], number, RegExp])[] = [
  [["call", "app", "f", "--profile", "wrk"], 3, /has no profile "wrk" \(there is "work", "gone", "bare"\)/],
  [
    ["call", "app", "f", "--profile", "bare"],
    3,
    /^Profile "bare" of .*modal\.toml has no Modal token; run "modal token/,
  ],
  [["stats", "app", "f", "--profile", "gone"], 3, /^Cannot reach the Modal server at http:\/\/127\.0\.0\.1:1; /],
  [["deploy", "app.py", "--profile", "work"], 2, /; for Modal, run "modal deploy" with MODAL_PROFILE=work\.$/],
  [["serve", "--profile", "work"], 2, /^This command is for the engine on this machine; leave out --profile\.$/],
  [["serve", "--in-memory", "--profile", "work"], 2, /for the engine on this machine/],
  [["status", "--profile", "work"], 2, /for the engine on this machine/],
  [["clean", "--profile", "work"], 2, /for the engine on this machine/],
  [["stop", "--profile", "work"], 2, /for the engine on this machine/],
  [["call", "app", "f", "--profile", "work", "--data", "x"], 2, /^Give --data or --profile, not both\.$/],
];

for (const [args, code, message] of FAILURES) {
  test(`"${args.join(" ")}" ends with one sentence and exit code ${code}`, async () => {
    const outcome = await run(args);
    assert.deepEqual({ code: outcome.code, stdout: outcome.stdout }, { code, stdout: "" });
    assert.match(outcome.stderr.trimEnd(), message);
    assert.equal(outcome.stderr.trimEnd().split("\n").length, 1);
  });
}

test("tokens that the server refuses are exit code 3, and a sentence that says what to do", async () => {
  server.fail("authTokenGet", RpcStatus.UNAUTHENTICATED, 1, "Token not found");
  const { code, stderr } = await run(["call", "app", "f", "--profile", "work"]);
  assert.equal(stderr, 'The server does not accept the tokens (Token not found); "modal token new" makes new ones.\n');
  assert.equal(code, 3);
});

test("an app that is not there is exit code 2, and is named", async () => {
  server.fail("functionGet", RpcStatus.NOT_FOUND, 1, "App not found");
  const { code, stderr } = await run(["call", "shop", "f", "--profile", "work"]);
  assert.equal(code, 2);
  assert.match(stderr, /^There is no function "f" in the app "shop"; .*\(the server says: App not found\)\.\n$/);
});

test("profiles are listed with server and environment, and without secrets", async () => {
  const { code, stdout } = await run(["profiles"]);
  assert.equal(code, 0);
  const [, ...rows] = stdout.trimEnd().split("\n");
  assert.deepEqual(
    rows.map((row) => row.trim().split(/ {2,}|(?<=\*) /)),
    [
      ["*", "work", server.url, "staging"],
      ["gone", "http://127.0.0.1:1"],
      ["bare", "http://127.0.0.1:2", "no token"],
    ],
  );
});

test("profiles --json is for machines; without a file the list is empty", async () => {
  const [first] = JSON.parse((await run(["profiles", "--json"])).stdout);
  const shown = { name: "work", isActive: true, url: server.url, hasToken: true, environmentName: "staging" };
  assert.deepEqual(first, shown);
  cli.env.MODAL_CONFIG_PATH += ".none";
  assert.equal((await run(["profiles", "--json"])).stdout, "[]\n");
  assert.match((await run(["profiles"])).stderr, /^There is no Modal profile; "modal token new" makes one\.$/m);
});
