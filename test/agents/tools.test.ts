import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { AgentCall, AgentServices } from "../../src/agents/agentTool.ts";
import type { ToolName } from "../../src/agents/toolNames.ts";
import { toolTable } from "../../src/agents/toolTable.ts";
import type { LazyTarget } from "../../src/targets/lazyTarget.ts";
import { EngineHarness, until } from "../engine/engineHarness.ts";

const SOURCE = `import time
from pathlib import Path
import modal
app = modal.App("agents")

@app.function()
def square(x: int, *, plus: int = 0) -> int:
    """Squares a number."""
    print(f"\\x1b[31msquaring\\x1b[0m {x}")
    return x * x + plus

@app.function()
def fail(x):
    raise ValueError(f"no {x}")

@app.function()
def count(n):
    yield from range(n)

@app.function()
def text(n):
    return "x" * n

@app.cls()
class Scale:
    factor: int = modal.parameter()
    unit: str = modal.parameter(default="kg")

    @modal.method()
    def weigh(self, mass: int) -> str:
        """Weighs."""
        return f"{self.factor * mass} {self.unit}"

@app.function()
def wait(path):
    while not Path(path).exists():
        time.sleep(0.02)
    return "done"
`;

const never = new AbortController().signal;

/** A window that knows the engine, and an account that nobody can reach. */
class Window {
  readonly harness: EngineHarness;
  readonly calls: AgentCall[] = [];
  isTrusted = true;

  private constructor(harness: EngineHarness) {
    this.harness = harness;
  }

  static async open(t: TestContext): Promise<Window> {
    const harness = await EngineHarness.start(t);
    await harness.deploy(SOURCE);
    return new Window(harness);
  }

  get services(): AgentServices {
    const modal = this.harness.modal();
    const named = (id: string, name: string) => ({ id, name }) as LazyTarget;
    const all = [named("local", "Local"), named("profile:main", "main")];
    const targets = {
      all,
      current: { targetId: "local", environmentName: "" },
      find: async (id: string) => all.find((target) => target.id === id) ?? assert.fail(id),
      modal: async ({ targetId }: { targetId: string }) => (targetId === "local" ? modal : assert.fail(targetId)),
      refresh: async () => undefined,
    };
    return {
      targets,
      history: { find: () => undefined },
      isTrusted: this.isTrusted,
      remember: async (call) => this.calls.push(call),
    };
  }

  run(name: ToolName, input: unknown, signal = never): Promise<string> {
    return toolTable[name].run(this.services, input, signal);
  }

  confirm(name: ToolName, input: unknown) {
    return toolTable[name].confirm?.(this.services, input) ?? assert.fail(name);
  }
}

test("functions are listed with their targets, and described with parameters and source", async (t) => {
  const window = await Window.open(t);
  const list = await window.run("spawnpoint_list_functions", {});
  assert.match(list, /^Target: Local\. All targets: Local, main\.\n/);
  assert.match(list, /agents: count \(generator\)\n/);
  assert.match(list, /agents: square/);
  const one = await window.run("spawnpoint_list_functions", { search: "squ" });
  assert.doesNotMatch(one, /agents: fail/);

  const described = await window.run("spawnpoint_describe_function", { app: "agents", function: "square" });
  assert.match(described, /square\(x: int, plus: int = …\) -> int/);
  assert.match(described, /app\.py:\d+\n@app\.function\(\)\ndef square/);
  assert.match(described, /Squares a number\./);
});

test("a call gives its value, its failure with the traceback, or the items of a generator, and is remembered", async (t) => {
  const window = await Window.open(t);
  const call = (name: string, args: unknown[], kwargs = {}) =>
    window.run("spawnpoint_call_function", { app: "agents", function: name, args, kwargs });
  assert.match(await call("square", [7], { plus: 1 }), /finished, inputs: 1 of 1 finished\.\n\[0\] 50$/);
  assert.match(await call("fail", [3]), /failed \(FAILURE\): ValueError\('no 3'\)\nTraceback/);
  assert.match(await call("count", [3]), /\[item 0\] 0\n\[item 1\] 1\n\[item 2\] 2$/);
  const long = await call("text", [100_000]);
  assert.ok(long.length < 17_000);
  assert.match(long, /\[cut: the first 16000 of 100000 characters\]$/);
  const remembered = window.calls.map(({ functionName, kind, targetId }) => [functionName, kind, targetId]);
  assert.deepEqual(remembered[0], ["square", "run", "local"]);
  assert.equal(remembered.length, 4);
});

test("a method is described with the parameters of its class, and called with them", async (t) => {
  const window = await Window.open(t);
  const weigh = { app: "agents", function: "Scale.weigh" };
  const described = await window.run("spawnpoint_describe_function", weigh);
  assert.match(described, /Scale\.weigh\(mass: int\) -> str\n/);
  assert.match(described, /\nThe parameters of its class: factor: int, unit: str = "kg"\n/);
  assert.match(described, /class Scale:(.|\n)*"""Weighs\."""/);

  const call = { ...weigh, args: [4], parameters: { factor: 3 } };
  assert.match(await window.run("spawnpoint_call_function", call), /\[0\] 12 kg$/);
  await assert.rejects(window.run("spawnpoint_spawn_function", weigh), /factor/);
  const map = { ...weigh, inputs: [1], parameters: { factor: 3, unit: "g" } };
  assert.match(await window.run("spawnpoint_map_function", map), /^Mapped Scale\.weigh over 1 inputs/);
  assert.deepEqual((await window.confirm("spawnpoint_call_function", call)).payload, {
    args: [4],
    kwargs: {},
    parameters: { factor: 3 },
  });
});

test("a call that takes too long goes on, and can be looked at and cancelled", async (t) => {
  const window = await Window.open(t);
  const path = `${window.harness.folder}/never`;
  const slow = { app: "agents", function: "wait", args: [path], timeoutSeconds: 1 };
  assert.match(
    await window.run("spawnpoint_call_function", slow),
    /goes on after 1 seconds; ask spawnpoint_get_call for fc-/,
  );
  const [{ functionCallId } = assert.fail()] = window.calls;
  assert.match(await window.run("spawnpoint_get_call", { functionCallId }), /unfinished, .*\n\[0\] unfinished$/);
  await window.run("spawnpoint_cancel_call", { functionCallId, terminateContainers: true });
  await until("the call is cancelled", async () =>
    (await window.run("spawnpoint_get_call", { functionCallId })).includes("failed (TERMINATED)"),
  );
});

test("who stops waiting for a call cancels it", async (t) => {
  const window = await Window.open(t);
  const stop = new AbortController();
  const input = { app: "agents", function: "wait", args: [`${window.harness.folder}/never`] };
  const running = window.run("spawnpoint_call_function", input, stop.signal);
  await until("the call is made", () => window.calls.length === 1);
  stop.abort(new Error("stopped"));
  await assert.rejects(running, { message: "stopped" });
  const [{ functionCallId } = assert.fail()] = window.calls;
  const call = window.harness.modal().calls.fromId(functionCallId);
  await until("its input is cancelled", async () => (await call.info()).cancelledInputs === 1);
});

test("a map is read page by page", async (t) => {
  const window = await Window.open(t);
  const inputs = Array.from({ length: 30 }, (_, index) => [index]);
  const text = await window.run("spawnpoint_map_function", { app: "agents", function: "square", inputs, spread: true });
  const functionCallId = /fc-\S+(?=\.)/.exec(text)?.[0] ?? assert.fail(text);
  await window.harness.modal().calls.fromId(functionCallId).get({ index: 29 });
  await until("all are finished", async () =>
    (await window.run("spawnpoint_get_call", { functionCallId })).includes("30 of 30 finished"),
  );
  const first = await window.run("spawnpoint_get_call", { functionCallId });
  assert.match(first, /\n\[0\] 0\n\[1\] 1\n\[2\] 4\n/);
  assert.match(first, /\[There are 30 results; go on with start=20\.\]$/);
  assert.match(
    await window.run("spawnpoint_get_call", { functionCallId, start: 28 }),
    /finished\.\n\[28\] 784\n\[29\] 841$/,
  );
});

test("logs are read of a call and of an app, without escape sequences", async (t) => {
  const window = await Window.open(t);
  await window.run("spawnpoint_call_function", { app: "agents", function: "square", args: [5] });
  const [{ functionCallId } = assert.fail()] = window.calls;
  await until("the logs are there", async () =>
    (await window.run("spawnpoint_read_logs", { functionCallId })).includes("stdout: squaring 5\n"),
  );
  assert.match(await window.run("spawnpoint_read_logs", { app: "agents", function: "square" }), /stdout: squaring 5\n/);
  const none = await window.run("spawnpoint_read_logs", { app: "agents", search: "nothing like it" });
  assert.equal(none, "There are no such log entries.");
  await assert.rejects(window.run("spawnpoint_read_logs", {}), /Give "functionCallId", or "app"/);
});

test("errors say what there is instead", async (t) => {
  const window = await Window.open(t);
  const call = (input: object) =>
    window.run("spawnpoint_call_function", { app: "agents", function: "square", ...input });
  await assert.rejects(call({ app: "agent" }), { message: 'There is no deployed app "agent"; the apps are "agents".' });
  await assert.rejects(call({ function: "cube" }), /has no function "cube"; its functions are .*"square"/);
  await assert.rejects(call({ target: "other" }), {
    message: 'There is no target "other"; the targets are "Local", "main".',
  });
  await assert.rejects(call({ args: "[1]" }), { message: '"args" must be an array, not text that holds one.' });
  await assert.rejects(
    call({ argument: 1 }),
    /There is no "argument"; the input has "app", "function", "args" \(optional\)/,
  );
  await assert.rejects(call({ timeoutSeconds: 0 }), /"timeoutSeconds" must be an integer from 1 to 600/);
  await assert.rejects(window.run("spawnpoint_get_call", {}), /"functionCallId" is missing/);
  await assert.rejects(window.run("spawnpoint_get_call", { functionCallId: "x" }), /such ids begin with fc-/);
  assert.deepEqual(window.calls, []);
});

test("confirmations name the function, what is sent, and the account that pays", async (t) => {
  const window = await Window.open(t);
  const input = { app: "agents", function: "square", args: [7] };
  assert.deepEqual(await window.confirm("spawnpoint_call_function", input), {
    title: "Call square?",
    message: 'The function square of the app "agents" will run as it is deployed on this machine.',
    payload: { args: [7], kwargs: {} },
  });
  const paid = await window.confirm("spawnpoint_spawn_function", { ...input, target: "main", environment: "dev" });
  assert.match(paid.message, /on the Modal account "main" in the environment "dev", where it may cost money\.$/);
  const inputs = Array.from({ length: 1_000 }, (_, index) => index);
  const map = await window.confirm("spawnpoint_map_function", { app: "agents", function: "square", inputs });
  assert.match(map.message, /There are 1000 inputs, the first 10 of which are shown\.$/);
  const cancel = await window.confirm("spawnpoint_cancel_call", { functionCallId: "fc-1", target: "main" });
  assert.match(cancel.message, /of fc-1 on the Modal account "main" will be cancelled\.$/);
});

test("in an untrusted workspace tools only read", async (t) => {
  const window = await Window.open(t);
  window.isTrusted = false;
  await assert.rejects(
    window.run("spawnpoint_spawn_function", { app: "agents", function: "square", args: [1] }),
    /The workspace is not trusted/,
  );
  assert.match(await window.run("spawnpoint_list_functions", {}), /agents: square/);
});
