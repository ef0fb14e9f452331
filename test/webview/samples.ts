import { crc32, deflateSync } from "node:zlib";
import type {
  CallSummary,
  InputStatus,
  LogLine,
  ResultRow,
  RowsWindow,
  StatsSample,
} from "../../src/panel/messages.ts";

const STARTED_AT = Date.UTC(2026, 10, 21, 12, 0, 0);

export function counts(some: Partial<Record<InputStatus, number>> = {}): Record<InputStatus, number> {
  return { PENDING: 0, SUCCESS: 0, FAILURE: 0, TERMINATED: 0, TIMEOUT: 0, INIT_FAILURE: 0, ...some };
}

export function callSummary(some: Partial<CallSummary> = {}): CallSummary {
  return {
    functionCallId: "fc-01JD8Y3RZ4",
    targetId: "local",
    targetName: "Local",
    environmentName: "",
    appName: "word-count",
    functionName: "count_words",
    kind: "map",
    createdAt: STARTED_AT,
    finishedAt: undefined,
    inputs: 10,
    counts: counts({ PENDING: 10 }),
    isGenerator: false,
    problem: undefined,
    ...some,
  };
}

export function resultRow(index: number, some: Partial<ResultRow> = {}): ResultRow {
  return {
    index,
    inputId: `in-01JD8Y${String(index).padStart(6, "0")}`,
    status: "SUCCESS",
    kind: "json",
    preview: `{"words": ${(index * 7919) % 1000}, "longest": "internationalisation"}`,
    size: 64,
    startedAt: STARTED_AT + index,
    finishedAt: STARTED_AT + index + 12 + ((index * 37) % 400),
    containerId: `ta-01JD8Y3S${index % 4}K`,
    ...some,
  };
}

/** When the container starts of `waterfallRows` was asked for and done, by its number, in milliseconds after the call. */
export function containerStart(container: number): { readonly enqueuedAt: number; readonly startedAt: number } {
  const enqueuedAt = STARTED_AT + 20 + container * 60;
  return { enqueuedAt, startedAt: enqueuedAt + 600 + container * 90 };
}

/** A map over some containers that start one after the other: few inputs fail, one takes far longer, and the last container is mostly idle. */
export function waterfallRows(count: number, containers: number): ResultRow[] {
  const freeAt = Array.from({ length: containers }, (_, container) => containerStart(container).startedAt);
  return Array.from({ length: count }, (_, index) => {
    const container = freeAt.indexOf(Math.min(...freeAt));
    const startedAt = freeAt[container] ?? 0;
    const finishedAt = startedAt + (index === Math.floor(count / 2) ? 1_400 : 60 + ((index * 37) % 90));
    freeAt[container] = finishedAt + (container === containers - 1 ? 700 : 4);
    const failure = { status: "FAILURE", kind: "error", preview: "ValueError: no" } as const;
    const place = { startedAt, finishedAt, containerId: `ta-01JD8Y3S5M2QWXYZ7${container}K` };
    return resultRow(index, { ...place, ...(index % 23 === 11 && failure) });
  });
}

/** The first rows of a call that has no others. */
export function rowsWindow(look: number, rows: readonly ResultRow[], some: Partial<RowsWindow> = {}): RowsWindow {
  const [size, end] = [rows.length, (rows.at(-1)?.index ?? -1) + 1];
  return { look, first: 0, rows, matching: size, size, end, images: 0, columns: [], opened: undefined, ...some };
}

export function manyRows(count: number): ResultRow[] {
  return Array.from({ length: count }, (_, index) =>
    index % 500 === 13
      ? resultRow(index, { status: "FAILURE", kind: "error", preview: `ValueError: no words in part ${index}` })
      : resultRow(index),
  );
}

export function statsSamples(count: number): StatsSample[] {
  const inputs = count * 60;
  return Array.from({ length: count }, (_, step) => {
    const finished = Math.round(inputs * (step / count) ** 1.2);
    return {
      at: STARTED_AT + step * 500,
      backlog: Math.max(0, inputs - finished - 8),
      runners: Math.min(8, 1 + Math.floor(step / 6)),
      runningInputs: Math.min(8, Math.floor(step / 5)) - (step % 3 === 0 && step > 6 ? 1 : 0),
      finished,
    };
  });
}

export function logLine(text: string, some: Partial<LogLine> = {}): LogLine {
  return { at: STARTED_AT, stream: "stdout", text, inputId: "in-01JD8Y000001", containerId: "ta-01JD8Y3S1K", ...some };
}

/** Tile `index` of `columns` by `columns` tiles of the Mandelbrot set, `sizePx` pixels wide, as PNG. */
export function mandelbrotTile(index: number, columns: number, sizePx: number): Uint8Array {
  const rows: number[] = [];
  for (let y = 0; y < sizePx; y++) {
    rows.push(0);
    for (let x = 0; x < sizePx; x++) {
      const across = ((index % columns) + x / sizePx) / columns;
      const down = (Math.floor(index / columns) + y / sizePx) / columns;
      const steps = escapeSteps(-2.1 + across * 2.8, -1.4 + down * 2.8);
      rows.push(
        steps === 60 ? 10 : 9 * steps,
        steps === 60 ? 12 : Math.min(255, 4 * steps + 20),
        steps === 60 ? 28 : Math.min(255, 60 + 6 * steps),
      );
    }
  }
  return png(sizePx, Uint8Array.from(rows.map((value) => Math.min(255, value))));
}

function escapeSteps(re: number, im: number): number {
  let [x, y, steps] = [0, 0, 0];
  while (steps < 60 && x * x + y * y < 4) {
    [x, y] = [x * x - y * y + re, 2 * x * y + im];
    steps++;
  }
  return steps;
}

/** RGB rows, each with a filter byte before it, as a PNG file (https://www.w3.org/TR/png-3/). */
function png(sizePx: number, rows: Uint8Array): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(sizePx, 0);
  header.writeUInt32BE(sizePx, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Uint8Array.from(
    Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]),
  );
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "ascii"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
