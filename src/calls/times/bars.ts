import type { InputStatus, ResultRow } from "../model.ts";
import { firstAfter, runTime } from "./containerSlots.ts";
import type { TimeSpan, WaterfallBar } from "./timeModel.ts";

/** Shades in which a bin of short inputs is drawn, by how much of it is filled. */
const SHADES = 4;

/** What the reader has to see first, where several inputs are drawn as one. */
const RANK: Readonly<Record<InputStatus, number>> = {
  SUCCESS: 0,
  PENDING: 1,
  TERMINATED: 2,
  TIMEOUT: 3,
  INIT_FAILURE: 4,
  FAILURE: 5,
};

interface BarsWanted {
  readonly span: TimeSpan;
  readonly bins: number;
  /** Undefined: nobody can tell yet. */
  readonly stragglerMs: number | undefined;
}

/**
 * What is to be drawn of a slot: a bar for each input that is as long as a bin, and one for neighbouring bins of shorter ones that look
 * alike. So there are never more than two bars to a bin, however many inputs there are.
 */
export function slotBars(
  slot: readonly ResultRow[],
  { span, bins, stragglerMs = Infinity }: BarsWanted,
): WaterfallBar[] {
  const binMs = (span.to - span.from) / bins;
  const bars: WaterfallBar[] = [];
  let cell: Cell | undefined;
  const close = () => {
    if (cell) addCell(bars, cell, span.from, binMs);
    cell = undefined;
  };
  // The input before the span may reach into it.
  for (let place = Math.max(0, firstAfter(slot, span.from) - 1); place < slot.length; place++) {
    const row = slot[place];
    if (!row || row.startedAt > span.to) break;
    if (row.finishedAt < span.from) continue;
    const runMs = runTime(row);
    const isStraggler = runMs > stragglerMs;
    if (runMs >= binMs) {
      close();
      bars.push({ ...barOf(row), isStraggler });
      continue;
    }
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((row.startedAt - span.from) / binMs)));
    if (cell?.bin !== bin) close();
    cell ??= { bin, inputs: 0, index: row.index, status: row.status, isStraggler: false, busyMs: 0, row };
    cell.inputs += 1;
    cell.busyMs += runMs;
    cell.isStraggler ||= isStraggler;
    if (RANK[row.status] > RANK[cell.status]) cell.status = row.status;
  }
  close();
  return bars;
}

/** The short inputs that begin in one bin. */
interface Cell {
  readonly bin: number;
  readonly index: number;
  /** The first of them. */
  readonly row: ResultRow;
  inputs: number;
  status: InputStatus;
  isStraggler: boolean;
  busyMs: number;
}

function barOf({ index, status, startedAt, finishedAt }: ResultRow) {
  return { from: startedAt, to: Math.max(startedAt, finishedAt), inputs: 1, index, status, filled: 1 };
}

function addCell(bars: WaterfallBar[], cell: Cell, spanFrom: number, binMs: number): void {
  const { inputs, index, status, isStraggler, busyMs } = cell;
  if (inputs === 1) {
    bars.push({ ...barOf(cell.row), isStraggler });
    return;
  }
  const from = spanFrom + cell.bin * binMs;
  const filled = Math.max(1, Math.min(SHADES, Math.ceil((busyMs / binMs) * SHADES))) / SHADES;
  const bar: WaterfallBar = { from, to: from + binMs, inputs, index, status, isStraggler, filled };
  const last = bars.at(-1);
  if (last && last.inputs > 1 && last.to >= from - binMs / 2 && looksAlike(last, bar)) {
    bars[bars.length - 1] = { ...last, to: bar.to, inputs: last.inputs + inputs };
  } else bars.push(bar);
}

function looksAlike(one: WaterfallBar, other: WaterfallBar): boolean {
  return one.status === other.status && one.filled === other.filled && one.isStraggler === other.isStraggler;
}
