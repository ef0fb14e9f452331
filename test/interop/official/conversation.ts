import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { type DescMessage, fromJson, type JsonObject, type JsonValue, type Message, toJson } from "@bufbuild/protobuf";
import { ModalClient as ModalService, type TaskLogsBatch } from "../../../src/proto/gen/modal_pb.js";
import type { RpcClient } from "../../../src/proto/grpc/rpcClient.ts";

/** One request of a recorded conversation, and what the engine answered; both as protobuf's own JSON. */
interface Step {
  readonly method: string;
  readonly request: JsonObject;
  /** Of a method that answers once. */
  readonly response?: JsonObject;
  /** Of a stream that is compared message by message. */
  readonly responses?: readonly JsonObject[];
  /** Of a stream of logs: all that it printed before the app was done. */
  readonly text?: string;
}

/** A file that was sent to, or fetched from, an address of an answer. */
interface Transfer {
  readonly method: "PUT" | "GET";
  readonly url: string;
  readonly body: string;
}

type Ask = (request: Message) => unknown;

/** Ids of objects: they differ from engine to engine, and mean the same wherever they stand. */
const ID = /\b(?:ap|cs|de|di|en|fc|fu|im|in|mo|qu|st|ta|vo)-[A-Za-z0-9]+\b/g;
/** What stands for an address in recordings. */
const URL_OF_RECORDING = /http:\/\/recorded\/\d+/g;
/** Moments, and names of the machine's user: that they are there is compared. */
const DIFFERS = new Set(
  "createdAt createdBy deployedAt deployedBy inputStartedAt mtime outputCreatedAt stoppedAt".split(" "),
);
/** An answer repeats it from its request. */
const REPEATED = "function";

/**
 * Says again to an engine what Modal's own client said in recorded conversations, one after the other, and compares what comes back.
 * Whatever the engine calls an object, later requests call it so too.
 */
export class Conversation {
  readonly #service: RpcClient<typeof ModalService>;
  /** By the ids, and addresses, of the recording. */
  readonly #ids = new Map<string, string>();

  constructor(service: RpcClient<typeof ModalService>) {
    this.#service = service;
  }

  /** @param name of a file beside this one */
  async replay(name: string): Promise<void> {
    const steps = JSON.parse(await readFile(new URL(`./${name}.json`, import.meta.url), "utf8")) as (Step | Transfer)[];
    for (const step of steps) await ("url" in step ? this.#transfer(step) : this.#replayStep(step));
  }

  async #transfer({ method, url, body }: Transfer): Promise<void> {
    const answer = await fetch(this.#translated(url), { method, ...(method === "PUT" && { body }) });
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    if (method === "GET") assert.equal(text, body);
  }

  async #replayStep({ method: name, request, response, responses, text }: Step): Promise<void> {
    const method = ModalService.methods.find((candidate) => candidate.name === name);
    assert.ok(method, name);
    const message = fromJson(method.input, this.#translated(request), { ignoreUnknownFields: true });
    const answer = (this.#service as unknown as Record<string, Ask>)[method.localName]?.(message);
    if (response) this.#compare(name, response, toJson(method.output, (await answer) as Message));
    else if (responses) await this.#compareAll(name, responses, method.output, answer as AsyncIterable<Message[]>);
    else assert.equal(await printed(answer as AsyncIterable<TaskLogsBatch[]>), text, name);
  }

  async #compareAll(
    where: string,
    recorded: readonly JsonObject[],
    type: DescMessage,
    portions: AsyncIterable<Message[]>,
  ) {
    const received: JsonValue[] = [];
    for await (const portion of portions) received.push(...portion.map((message) => toJson(type, message)));
    this.#compare(where, [...recorded], received);
  }

  #compare(where: string, recorded: JsonValue, received: JsonValue): void {
    this.#learn(recorded, received);
    assert.deepEqual(comparable(received), comparable(this.#translated(recorded)), where);
  }

  /** Ids that stand in the same place of both answers are those of the same object. */
  #learn(recorded: JsonValue, received: JsonValue): void {
    if (typeof recorded === "string" && typeof received === "string") {
      const theirs = received.match(ID) ?? [];
      for (const [index, id] of (recorded.match(ID) ?? []).entries()) {
        const mine = theirs[index];
        if (mine !== undefined && !this.#ids.has(id)) this.#ids.set(id, mine);
      }
      if (recorded.match(URL_OF_RECORDING)) this.#ids.set(recorded, received);
    } else if (isObject(recorded) && isObject(received)) {
      for (const [key, value] of Object.entries(recorded)) this.#learn(value, received[key] ?? null);
    } else if (Array.isArray(recorded) && Array.isArray(received)) {
      for (const [index, value] of recorded.entries()) this.#learn(value, received[index] ?? null);
    }
  }

  #translated<T extends JsonValue>(recorded: T): T {
    const ours = (id: string) => this.#ids.get(id) ?? id;
    return JSON.parse(JSON.stringify(recorded).replace(ID, ours).replace(URL_OF_RECORDING, ours)) as T;
  }
}

async function printed(portions: AsyncIterable<TaskLogsBatch[]>): Promise<string> {
  let text = "";
  for await (const batches of portions) {
    text += batches.flatMap(({ items }) => items.map(({ data }) => data)).join("");
    if (batches.some(({ appDone }) => appDone)) return text;
  }
  throw new Error("The logs ended before the app did.");
}

function comparable(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(comparable);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => key !== REPEATED);
  return Object.fromEntries(kept.map(([key, inner]) => [key, DIFFERS.has(key) ? "differs" : comparable(inner)]));
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
