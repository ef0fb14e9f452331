import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { decode, Encoder } from "cbor-x";
import { type Asgi, AsgiSchema } from "../../../proto/gen/modal_pb.js";
import type { WorkerReply } from "../worker.ts";

/** A request as the engine's web endpoints describe it (`web/exchange.ts`). */
interface DescribedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly http_version: string;
  readonly client: readonly [string, number];
  readonly server: readonly [string, number];
  readonly has_body: boolean;
  readonly upgrade: "websocket" | null;
  readonly request_id: string;
}

type AsgiInit = MessageInitShape<typeof AsgiSchema>;

/** Asks for what the client of a request sends next. */
export type Receive = (params: Readonly<Record<string, unknown>>) => Promise<WorkerReply>;

const cbor = new Encoder({ useRecords: false, tagUint8Array: false, variableMapSize: true });
const NORMAL_CLOSURE = 1000;

/** A request to a web endpoint, between the engine, which speaks of clients, and Modal's runtime, which speaks ASGI (protocol 4.5). */
export class WebRequest {
  readonly #request: DescribedRequest;

  /** @param args of the input, as the engine's web endpoints make them */
  constructor(args: Uint8Array) {
    const [[request]] = decode(args) as [[DescribedRequest]];
    this.#request = request;
  }

  /** The arguments of the input as the runtime wants them: a scope of ASGI, as CBOR. */
  get args(): Uint8Array {
    const { method, target, headers, http_version, client, server, upgrade } = this.#request;
    const [path = "", query = ""] = split(target);
    const isWebSocket = upgrade === "websocket";
    const scope = {
      type: isWebSocket ? "websocket" : "http",
      asgi: { version: "3.0" },
      http_version,
      scheme: isWebSocket ? "ws" : "http",
      path: unquoted(path),
      raw_path: latin1(path),
      query_string: latin1(query),
      root_path: "",
      headers: headers.map(([name, value]) => [latin1(name.toLowerCase()), latin1(value)]),
      client,
      server,
      ...(isWebSocket ? { subprotocols: this.#subprotocols } : { method }),
    };
    return cbor.encode([[scope], {}]);
  }

  /** What the client sends, until it is gone. */
  async *events(receive: Receive): AsyncGenerator<Uint8Array> {
    for await (const event of this.#request.upgrade ? this.#messages(receive) : this.#body(receive)) {
      yield toBinary(AsgiSchema, create(AsgiSchema, { type: event }));
    }
  }

  async *#body(receive: Receive): AsyncGenerator<NonNullable<AsgiInit["type"]>> {
    const { request_id, has_body } = this.#request;
    let moreBody = has_body;
    if (!moreBody) yield { case: "httpRequest", value: {} };
    for (let position = 0; moreBody; ) {
      const { value, payload: body = new Uint8Array() } = await receive({ request_id, position });
      if (value.gone === true) break;
      moreBody = value.more_body === true;
      position += body.length;
      yield { case: "httpRequest", value: { body, moreBody } };
    }
    await receive({ request_id, position: 0, wants_end: true });
    yield { case: "httpDisconnect", value: {} };
  }

  async *#messages(receive: Receive): AsyncGenerator<NonNullable<AsgiInit["type"]>> {
    const { request_id } = this.#request;
    yield { case: "websocketConnect", value: {} };
    for (let position = 0; ; position++) {
      const { value, payload = new Uint8Array() } = await receive({ request_id, position });
      if (value.message === "text") {
        const text = Buffer.from(payload).toString("utf8");
        yield { case: "websocketReceive", value: { content: { case: "text", value: text } } };
      } else if (value.message === "bytes") {
        yield { case: "websocketReceive", value: { content: { case: "bytes", value: payload } } };
      } else {
        yield { case: "websocketDisconnect", value: typeof value.code === "number" ? { code: value.code } : {} };
        return;
      }
    }
  }

  get #subprotocols(): string[] {
    const offered = this.#request.headers.filter(([name]) => name.toLowerCase() === "sec-websocket-protocol");
    const words = offered.flatMap(([, value]) => value.split(","));
    return words.map((word) => word.trim()).filter(Boolean);
  }
}

/** What an app has sent, as a piece of the engine's own (`web/webResponse.ts`, `web/webSocketExchange.ts`); undefined for what has no place there. */
export function responsePiece(bytes: Uint8Array): Uint8Array | undefined {
  const piece = pieceOf(fromBinary(AsgiSchema, bytes).type);
  return piece && cbor.encode(piece);
}

function pieceOf({ case: type, value }: Asgi["type"]): object | undefined {
  switch (type) {
    case "httpResponseStart":
      return { status: value.status, headers: pairs(value.headers) };
    case "httpResponseBody":
      return { body: value.body, more_body: value.moreBody };
    case "websocketAccept":
      return { accept: value.subprotocol ?? null, headers: pairs(value.headers) };
    case "websocketSend":
      return value.content.case === "text"
        ? { text: value.content.value }
        : { bytes: value.content.value ?? new Uint8Array() };
    case "websocketClose":
      return { close: value.code ?? NORMAL_CLOSURE, reason: value.reason };
    default:
      return undefined;
  }
}

/** Names and values in turn. */
function pairs(headers: readonly Uint8Array[]): [string, string][] {
  const texts = headers.map((bytes) => Buffer.from(bytes).toString("latin1"));
  return Array.from({ length: texts.length / 2 }, (_, index) => [texts[2 * index] ?? "", texts[2 * index + 1] ?? ""]);
}

function split(target: string): [string, string] {
  const mark = target.indexOf("?");
  return mark < 0 ? [target, ""] : [target.slice(0, mark), target.slice(mark + 1)];
}

/** A path is bytes in percent signs, which are UTF-8 as a rule. */
function unquoted(path: string): string {
  const bytes = path.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

function latin1(text: string): Buffer {
  return Buffer.from(text, "latin1");
}
