import { execFileSync } from "node:child_process";
import { modalObjects } from "../../src/client/pickle/modalObjects.ts";
import { decodePickle } from "../../src/client/pickle/pickleReader.ts";

export const PROTOCOLS = [0, 1, 2, 3, 4, 5] as const;

/** Reads a pickle as results are read; function calls become their ids in brackets. */
export function unpickle(bytes: Uint8Array): unknown {
  return decodePickle(
    bytes,
    modalObjects((id) => [id]),
  );
}

/** Pickles from assembled parts: texts are their Latin-1 bytes, numbers single bytes. */
export function assemble(...parts: readonly (string | number | Uint8Array)[]): Uint8Array {
  const bytes = parts.map((part) => {
    if (typeof part === "number") return Buffer.from([part]);
    return typeof part === "string" ? Buffer.from(part, "latin1") : part;
  });
  return Buffer.concat(bytes);
}

/** Runs Python, which has read `inputs` into a list of bytes and writes with `put(bytes)`. Returns what it wrote. */
export function python(code: string, inputs: readonly Uint8Array[] = []): Buffer[] {
  const input = Buffer.concat(inputs.flatMap((bytes) => [sizeOf(bytes), bytes]));
  const output = execFileSync("python3", ["-c", PRELUDE + code], { input, maxBuffer: 1 << 28 });
  const pieces: Buffer[] = [];
  for (let at = 0; at < output.length; ) {
    const end = at + 4 + output.readUInt32LE(at);
    pieces.push(output.subarray(at + 4, end));
    at = end;
  }
  return pieces;
}

/** One Python expression, pickled with every protocol. */
export function pickles(expression: string, imports = ""): Buffer[] {
  const needed = imports === "" ? "" : `import ${imports}\n`;
  return python(`${needed}for protocol in range(6): put(pickle.dumps(${expression}, protocol))`);
}

const PRELUDE = `
import pickle, struct, sys
raw, inputs = sys.stdin.buffer.read(), []
while raw:
    size = struct.unpack_from("<I", raw)[0]
    inputs.append(raw[4:4 + size])
    raw = raw[4 + size:]
def put(data):
    sys.stdout.buffer.write(struct.pack("<I", len(data)) + data)
`;

function sizeOf(bytes: Uint8Array): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(bytes.length);
  return size;
}
