import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { CpuProfile } from "./cpuProfile.ts";

type ProfileNode = CpuProfile["nodes"][number];

/** Processor time by where it was spent, in microseconds: rooms of ours (`engine/store`), packages, and parts of Node. */
export type RoomTimes = Readonly<Record<string, number>>;

const PACKAGES: Readonly<Record<string, string>> = { "@grpc/grpc-js": "grpc-js", "@bufbuild/protobuf": "protobuf" };
const NATIVE = "system calls";

/** What V8 calls its own work. */
const OWN_NAMES: Readonly<Record<string, string | undefined>> = {
  "(idle)": undefined,
  "(program)": NATIVE,
  "(garbage collector)": "garbage",
};

/** Adds up a profile's samples by room. Native functions, which have no file, count for who called them. */
export function roomTimes({ nodes, samples = [], timeDeltas = [] }: CpuProfile): RoomTimes {
  const times: Record<string, number> = {};
  const rooms = roomsOf(nodes);
  for (const [index, id] of samples.entries()) {
    const room = rooms.get(id);
    if (room !== undefined) times[room] = (times[room] ?? 0) + (timeDeltas[index] ?? 0);
  }
  return times;
}

function roomsOf(nodes: readonly ProfileNode[]): Map<number, string | undefined> {
  const rooms = new Map<number, string | undefined>();
  const bundles = new Map<string, string[]>();
  // Callers come before what they call.
  const callers = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child): [number, number] => [child, id])),
  );
  for (const { id, callFrame } of nodes) {
    const { functionName, url, lineNumber } = callFrame;
    const caller = callers.get(id);
    if (functionName in OWN_NAMES) rooms.set(id, OWN_NAMES[functionName]);
    else if (url !== "") rooms.set(id, roomOf(sourceOf(url, lineNumber, bundles)));
    else rooms.set(id, (caller === undefined ? undefined : rooms.get(caller)) ?? NATIVE);
  }
  return rooms;
}

/** The file of a function: esbuild names each in a bundle, before its text: in a comment, or as the name of a CommonJS module. */
function sourceOf(url: string, lineNumber: number, bundles: Map<string, string[]>): string {
  if (!/dist[/\\][^/\\]+\.cjs$/.test(url)) return url;
  const path = url.startsWith("file:") ? fileURLToPath(url) : url;
  const lines = bundles.get(path) ?? readFileSync(path, "utf8").split("\n");
  bundles.set(path, lines);
  for (let line = lineNumber; line >= 0; line--) {
    const source = /^(?:\/\/ | +")([^\s"]+\.[cm]?[jt]s)"?/.exec(lines[line] ?? "")?.[1];
    if (source !== undefined) return source;
  }
  return url;
}

function roomOf(source: string): string {
  const [, pack] = /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(source) ?? [];
  if (pack !== undefined) return PACKAGES[pack] ?? pack;
  if (source.startsWith("node:")) return source.includes("http2") ? "Node's HTTP/2" : "the rest of Node";
  const [, folder, room] = /(?:^|\/)src\/(\w+)\/(?:(\w+)\/)?/.exec(source) ?? [];
  if (folder === undefined) return "the benchmark";
  return room === undefined ? folder : `${folder}/${room}`;
}
