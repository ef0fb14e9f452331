import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { runCommand } from "../../scripts/childProcess.ts";
import { rootFolder } from "../../scripts/project.ts";
import {
  ContainerArgumentsSchema,
  Function_DefinitionType as DefinitionType,
  Function_FunctionType as FunctionType,
} from "../../src/proto/gen/modal_pb.js";
import { LocalTarget } from "../../src/targets/localTarget.ts";
import { durationMs, median, repeated, report } from "./figures.ts";

const ROUNDS = 12;
const CALLS_A_ROUND = 25;
/** Before they are measured: by then, the programs of both sides are compiled. */
const WARMING_ROUNDS = 12;

/**
 * Measures calls through the engine and a container of Modal's own runtime beside the same runtime against a server that only hands out
 * inputs and takes outputs. In turns. Where Modal's package is not there, says so and measures nothing.
 */
export async function measureBesideBareRuntime(): Promise<void> {
  const { skip } = await import("../official/modalPackage.ts"); // Changes where Pythons look for packages, here alone.
  if (skip) return console.log(skip);
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-bench-"));
  const target = new LocalTarget({
    enginePath: join(rootFolder, "dist", "engine.cjs"),
    dataFolder: join(folder, "data"),
  });
  const bare = await startBareRuntime(folder);
  try {
    await target.engine(); // Starts it.
    const { address, engine, modal } = await target.running();
    const env = {
      MODAL_SERVER_URL: address.url,
      MODAL_TOKEN_ID: address.tokenId,
      MODAL_TOKEN_SECRET: address.tokenSecret,
    };
    await runCommand("python3", ["-m", "modal", "deploy", join(import.meta.dirname, "runtime.py")], { env });
    const square = modal.functions.fromName("bench-runtime", "square");
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = -WARMING_ROUNDS; round < ROUNDS; round++) {
      const own = await repeated(CALLS_A_ROUND, () => durationMs(() => square.remote([7])));
      const others = await bare.calls(CALLS_A_ROUND);
      if (round < 0) continue;
      ours.push(...own);
      theirs.push(...others);
    }
    const figures = { ours: median(ours), peer: median(theirs), ratioAtMost: 2 };
    report({ name: "warm call through Modal's runtime, beside a server that only answers", unit: "ms", ...figures });
    await engine.shutDown();
  } finally {
    bare.close();
    target.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

interface BareRuntime {
  /** Makes some calls, and tells how long each took, in milliseconds. */
  calls(count: number): Promise<number[]>;
  close(): void;
}

/** A container of Modal's runtime for `runtime.py`, and the server that only answers it. */
async function startBareRuntime(folder: string): Promise<BareRuntime> {
  const socket = join(folder, "bare.sock");
  const server = fork(join(import.meta.dirname, "answeringServer.ts"), [socket]);
  await once(server, "message");
  const container = await startContainer(folder, socket);
  const ended = once(container, "exit").then(() => Promise.reject(new Error("Modal's runtime ended.")));
  ended.catch(() => {}); // Of interest to who waits for calls.
  return {
    calls: async (count) => {
      server.send(count);
      const [durationsMs] = await Promise.race([once(server, "message"), ended]);
      return durationsMs;
    },
    close: () => {
      container.kill("SIGKILL");
      server.disconnect();
    },
  };
}

/** As the engine starts one (protocol 7.1). */
async function startContainer(folder: string, socket: string): Promise<ChildProcess> {
  const functionId = "fu-1";
  const functionName = "square";
  const imageId = "im-1";
  const task = create(ContainerArgumentsSchema, {
    ...{ taskId: "ta-1", functionId, appId: "ap-1", environmentName: "main" },
    functionDef: {
      ...{ moduleName: "runtime", functionName, maxConcurrentInputs: 1 },
      definitionType: DefinitionType.FILE,
      functionType: FunctionType.FUNCTION,
      objectDependencies: [{ objectId: imageId }],
    },
    appLayout: {
      functionIds: { [functionName]: functionId },
      objects: [
        { objectId: functionId, handleMetadataOneof: { case: "functionHandleMetadata", value: { functionName } } },
        { objectId: imageId },
      ],
    },
  });
  const path = join(folder, "arguments");
  await writeFile(path, toBinary(ContainerArgumentsSchema, task));
  return spawn("python3", ["-m", "modal._container_entrypoint"], {
    cwd: import.meta.dirname,
    env: {
      ...process.env,
      MODAL_CONTAINER_ARGUMENTS_PATH: path,
      MODAL_SERVER_URL: `unix://${socket}`,
      MODAL_IS_REMOTE: "1",
      MODAL_TASK_ID: task.taskId,
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
}
