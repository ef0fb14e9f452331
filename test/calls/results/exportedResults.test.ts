import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import { CallWatch } from "../../../src/calls/callWatch.ts";
import type { Output } from "../../../src/client/index.ts";
import { callRecord } from "../callRecord.ts";
import { FakeServer, output } from "../fakeServer.ts";

const record = callRecord({ functionName: "f" });
const never = new AbortController().signal;

async function exported(server: FakeServer, format: "csv" | "jsonl"): Promise<string> {
  const watch = new CallWatch(record, server.connect);
  await watch.finished(never);
  let text = "";
  for await (const piece of watch.exported(format, never)) text += piece;
  return text;
}

function serverWith(...outputs: Output[]): FakeServer {
  const server = new FakeServer(outputs.length);
  server.give(...outputs);
  return server;
}

const failed = (index: number) => output(index, undefined, { status: "FAILURE", exception: "ValueError('no')" });

test("lines of JSON are in the order of the inputs, exact, and say what failed", async () => {
  const server = serverWith(output(1, 2n ** 70n), failed(2), output(0, { a: new Uint8Array([1, 2]) }));
  assert.deepEqual((await exported(server, "jsonl")).split("\n"), [
    '{"index":0,"status":"SUCCESS","value":{"a":{"$bytes":"AQI="}}}',
    '{"index":1,"status":"SUCCESS","value":1180591620717411303424}',
    `{"index":2,"status":"FAILURE","exception":"ValueError('no')"}`,
    "",
  ]);
});

test("CSV has a column for each key, and the whole value where the keys do not say all of it", async () => {
  const quoted = 'a "quoted", long\nname';
  const server = serverWith(output(0, { name: quoted, n: 1 }), failed(1), output(2, [1]), output(3, { name: "=1+1" }));
  const rows = parse(await exported(server, "csv"), { columns: true });
  assert.deepEqual(rows, [
    { index: "0", status: "SUCCESS", name: quoted, n: "1", value: "", exception: "" },
    { index: "1", status: "FAILURE", name: "", n: "", value: "", exception: "ValueError('no')" },
    { index: "2", status: "SUCCESS", name: "", n: "", value: "[1]", exception: "" },
    { index: "3", status: "SUCCESS", name: "'=1+1", n: "", value: "", exception: "" },
  ]);
});

test("the items of a generator are exported as its results", async () => {
  const server = new FakeServer(1);
  server.yields("one", "two");
  server.give(output(0, undefined));
  assert.equal((await exported(server, "jsonl")).split("\n")[1], '{"index":1,"status":"SUCCESS","value":"two"}');
});

test("of a call without results nothing is exported, and nothing is waited for", async () => {
  const watch = new CallWatch(record, new FakeServer(1).connect);
  const pieces: string[] = [];
  for await (const piece of watch.exported("csv", never)) pieces.push(piece);
  assert.deepEqual(pieces, ["index,status,value,exception\n"]);
});

test("a file with one result is named by what it is", async () => {
  const heads = {
    png: [0x89, ...Buffer.from("PNG\r\n\x1a\n", "latin1")],
    jpg: [0xff, 0xd8, 0xff, 0xe0],
    gif: [...Buffer.from("GIF89a")],
    mp3: [...Buffer.from("ID3")],
    svg: [...Buffer.from("<svg></svg>")],
    bin: [1, 2, 3],
  };
  const outputs = Object.values(heads).map((head, index) => output(index, Uint8Array.from(head)));
  const watch = new CallWatch(record, serverWith(...outputs, output(outputs.length, "<svg></svg>")).connect);
  const extensions = await Promise.all(
    [...outputs.keys(), outputs.length].map(async (index) => (await watch.raw(index)).extension),
  );
  assert.deepEqual(extensions, [...Object.keys(heads), "svg"]);
});

test("one result as a file: bytes and text as they are, other values as JSON, failures with their traceback", async () => {
  const png = Uint8Array.from([0x89, 0x50]);
  const unreadable = output(4, undefined, {
    data: new Uint8Array([7]),
    value: () => {
      throw new Error("a pickle");
    },
  });
  const outputs = [
    output(0, png),
    output(1, "é"),
    output(2, [1]),
    output(3, 0, { status: "FAILURE", exception: "no" }),
  ];
  const watch = new CallWatch(record, serverWith(...outputs, unreadable).connect);
  const raw = async (index: number) => {
    const { bytes, extension } = await watch.raw(index);
    return [Buffer.from(bytes).toString("latin1"), extension];
  };
  assert.deepEqual(await raw(0), ["\x89P", "bin"]);
  assert.deepEqual(await raw(1), ["\xc3\xa9", "txt"]);
  assert.deepEqual(await raw(2), ["[\n  1\n]\n", "json"]);
  assert.deepEqual(await raw(3), ["no\n", "txt"]);
  assert.deepEqual(await raw(4), ["\x07", "bin"]);
});
