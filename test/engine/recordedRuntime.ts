// A container that says what Modal's own runtime said once. An interpreter for tests: it runs no Python, but the recorded conversation
// (`conversations/`) whose file the variable CONVERSATION names. What it is started with and answered it tells on its stdout, one line each.
import { readFileSync, writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { fromBinary, fromJson, type JsonValue, toJson } from "@bufbuild/protobuf";
import { Client, credentials } from "@grpc/grpc-js";
import { ContainerArgumentsSchema, ModalClient } from "../../src/proto/gen/modal_pb.js";
import { rpcClient } from "../../src/proto/grpc/rpcClient.ts";

interface Asking {
  readonly rpc: string;
  readonly request: JsonValue;
  /** It goes on before the answer is there. */
  readonly beside?: true;
  /** So many messages of a stream. */
  readonly reads?: number;
}

/** What a container did, in its order. */
type Step =
  | Asking
  | { readonly awaits: string }
  | { readonly prints: string; readonly on?: number }
  | { readonly ends: NodeJS.Signals };

const { CONVERSATION = "", MODAL_CONTAINER_ARGUMENTS_PATH = "", MODAL_SERVER_URL = "" } = process.env;

const steps = JSON.parse(readFileSync(CONVERSATION, "utf8")) as Step[];
const given = fromBinary(ContainerArgumentsSchema, readFileSync(MODAL_CONTAINER_ARGUMENTS_PATH));
writeSync(1, `ContainerArguments ${JSON.stringify(toJson(ContainerArgumentsSchema, given))}\n`);
const { functionId } = given;
const channel = new Client(MODAL_SERVER_URL.replace("unix://", "unix:"), credentials.createInsecure());
const rpcs = rpcClient(ModalClient, channel) as unknown as Record<string, (request: unknown) => Answer>;
type Answer = Promise<never> | AsyncIterable<readonly never[]>;
/** Ids that the recording names `in-1`, `in-2` and so on, as they are now. */
const inputIds: string[] = [];
const underWay = new Map<string, Promise<void>>();

for (const step of steps) await follow(step);
process.exit(0);

async function follow(step: Step): Promise<void> {
  if ("prints" in step) writeSync(step.on ?? 1, step.prints);
  else if ("awaits" in step) await underWay.get(step.awaits);
  else if ("ends" in step) await end(step.ends);
  else {
    const answered = ask(step);
    if (step.beside) underWay.set(step.rpc, answered);
    else await answered;
  }
}

async function ask({ rpc: name, request: recorded, reads = 1 }: Asking): Promise<void> {
  const method = ModalClient.methods.find((candidate) => candidate.name === name);
  const rpc = method && rpcs[method.localName];
  if (!rpc) throw new Error(`There is no method ${name}.`);
  const text = JSON.stringify(recorded)
    .replace(/"in-(\d+)"/g, (_, number) => JSON.stringify(inputIds[Number(number) - 1]))
    .replace(/"fu-1"/g, JSON.stringify(functionId));
  const answers = answersTo(rpc(fromJson(method.input, JSON.parse(text))));
  for (let read = 0; read < reads; read++) {
    const { value } = await answers.next();
    const answer = toJson(method.output, value);
    if (name === "FunctionGetInputs") inputIds.push(...fetched(answer));
    writeSync(1, `${name} ${JSON.stringify(answer)}\n`);
  }
}

/** One answer, or those of a stream. */
async function* answersTo(answer: Answer): AsyncGenerator<never> {
  if (Symbol.asyncIterator in answer) for await (const portion of answer) yield* portion;
  else yield await answer;
}

function fetched(answer: JsonValue): string[] {
  const { inputs = [] } = answer as { inputs?: { inputId?: string }[] };
  return inputs.flatMap(({ inputId }) => inputId ?? []);
}

async function end(signal: NodeJS.Signals): Promise<void> {
  process.kill(process.pid, signal);
  await delay(60_000);
}
