import type { CallForest, ForestCall, ForestInput } from "./callForest.ts";
import { noInputs } from "./inputCounts.ts";
import type { BoxChoice, GraphBox, GraphOutline, InputStatus } from "./model.ts";

/** A fan-out larger than this is drawn as one box: nobody reads a hundred boxes with the same name. */
const MOST_SINGLE_CALLS = 8;
/** Of what is below a box, so much is drawn at a time. */
const WINDOW_BOXES = 20;
/** So many boxes are drawn by themselves, the upper levels first. What is below them waits to be asked for. */
const BOXES_BY_THEMSELVES = 120;

/** What a box stands for. */
type Subject =
  | { readonly kind: "call"; readonly call: ForestCall }
  /** Calls of one function. */
  | { readonly kind: "calls"; readonly calls: readonly ForestCall[] }
  | { readonly kind: "input"; readonly call: ForestCall; readonly input: ForestInput }
  /** The inputs that the server no longer tells of, and the calls that they made. */
  | { readonly kind: "missing"; readonly calls: readonly ForestCall[] };

/**
 * What is drawn of a forest. Many inputs of a call are one box, as are many calls of one function from one place, until they are asked for,
 * and then a window of them, what failed first. So a forest of any size is some hundred boxes.
 *
 * @param choices of the reader, by the keys of boxes
 */
export function graphOutline(forest: CallForest, choices: readonly BoxChoice[]): GraphOutline {
  const byKey = new Map(choices.map((choice) => [choice.key, choice]));
  let budget = BOXES_BY_THEMSELVES;
  const growing: { readonly children: GraphBox[]; readonly shown: readonly Subject[]; readonly key: string }[] = [];
  const grow = (siblings: GraphBox[], subject: Subject, parentKey: string) => {
    const key = keyOf(subject, parentKey);
    const { shown, ...state } = below(subject, byKey.get(key), budget);
    if (state.isExpanded) budget -= shown.length;
    const children: GraphBox[] = [];
    siblings.push({ key, ...factsOf(subject), ...state, children });
    if (state.isExpanded) growing.push({ children, shown, key });
  };
  const roots: GraphBox[] = [];
  for (const subject of topLevel(forest)) grow(roots, subject, "");
  // The list grows while it is read, level by level, so that the upper ones come first.
  for (const { children, shown, key } of growing) for (const subject of shown) grow(children, subject, key);
  const { numCalls, numInputs, numEmptyCalls, orphans } = forest;
  return { roots, numCalls, numInputs, numEmptyCalls, numOrphans: orphans.length };
}

function topLevel({ roots, orphans }: CallForest): Subject[] {
  const missing: Subject[] = orphans.length > 0 ? [{ kind: "missing", calls: orphans }] : [];
  return [...roots.map((call): Subject => ({ kind: "call", call })), ...missing];
}

/** What is below a box, and which part of it is drawn. */
function below(subject: Subject, choice: BoxChoice | undefined, budget: number) {
  const summary = summaryOf(subject);
  const members = membersOf(subject);
  // Where there is nothing but members, to open the box is to see them.
  const isUnfolded = choice?.isUnfolded || (choice?.isExpanded && summary.length === 0) || false;
  const all = members.length > 0 && isUnfolded ? members : summary;
  const first = Math.max(0, Math.min(choice?.first ?? 0, all.length - 1));
  const shown = all.slice(first, first + WINDOW_BOXES);
  const isExpanded = choice?.isExpanded ?? (shown.length > 0 && shown.length <= budget);
  return {
    shown,
    isExpanded: summary.length + members.length > 0 ? isExpanded : undefined,
    isUnfolded: members.length > 0 ? isUnfolded : undefined,
    first,
    numChildren: all.length,
  };
}

/** The calls that were made from there, many of one function as one. */
function summaryOf(subject: Subject): Subject[] {
  switch (subject.kind) {
    case "call":
      return grouped(subject.call.inputs.flatMap(({ calls }) => calls));
    case "calls":
      return grouped(subject.calls.flatMap(({ inputs }) => inputs.flatMap(({ calls }) => calls)));
    case "input":
      return grouped(subject.input.calls);
    case "missing":
      return grouped(subject.calls);
  }
}

/** What a box is a summary of, one by one, what failed first. */
function membersOf(subject: Subject): Subject[] {
  switch (subject.kind) {
    case "call": {
      const { call } = subject;
      return call.inputs.length > 1 ? failedFirst(call.inputs).map((input) => ({ kind: "input", call, input })) : [];
    }
    case "calls":
      return failedFirst(subject.calls).map((call) => ({ kind: "call", call }));
    case "input":
    case "missing":
      return [];
  }
}

function failedFirst<T extends { readonly leadsToFailure: boolean }>(items: readonly T[]): T[] {
  return [...items.filter((item) => item.leadsToFailure), ...items.filter((item) => !item.leadsToFailure)];
}

function grouped(calls: readonly ForestCall[]): Subject[] {
  const byFunction = new Map<string, ForestCall[]>();
  for (const call of calls) {
    const name = functionKey(call);
    const others = byFunction.get(name);
    if (others) others.push(call);
    else byFunction.set(name, [call]);
  }
  return [...byFunction.values()].flatMap((group): Subject[] =>
    group.length > MOST_SINGLE_CALLS
      ? [{ kind: "calls", calls: group }]
      : group.map((call) => ({ kind: "call", call })),
  );
}

function functionKey({ moduleName, functionName }: ForestCall): string {
  return JSON.stringify([moduleName, functionName]);
}

/** What stays the same about a box while the graph grows. */
function keyOf(subject: Subject, parentKey: string): string {
  switch (subject.kind) {
    case "call":
      return subject.call.functionCallId;
    case "calls":
      return `${parentKey} ${functionKey(firstOf(subject.calls))}`;
    case "input":
      return subject.input.inputId;
    case "missing":
      return "missing";
  }
}

type BoxFacts = Pick<
  GraphBox,
  "kind" | "functionCallId" | "inputId" | "functionName" | "moduleName" | "numCalls" | "counts" | "leadsToFailure"
>;

function factsOf(subject: Subject): BoxFacts {
  switch (subject.kind) {
    case "call":
      return { kind: "call", inputId: "", numCalls: 1, ...named(subject.call), ...standing([subject.call]) };
    case "calls": {
      const { calls } = subject;
      return { kind: "calls", inputId: "", numCalls: calls.length, ...named(firstOf(calls)), ...standing(calls) };
    }
    case "input": {
      const { inputId, status, leadsToFailure } = subject.input;
      const counts = { ...noInputs, [status]: 1 };
      return { kind: "input", inputId, numCalls: 1, ...named(subject.call), counts, leadsToFailure };
    }
    case "missing": {
      const nameless = { functionCallId: "", functionName: "", moduleName: "" };
      const { leadsToFailure } = standing(subject.calls);
      return { kind: "missing", inputId: "", numCalls: 0, ...nameless, counts: noInputs, leadsToFailure };
    }
  }
}

function named({ functionCallId, functionName, moduleName }: ForestCall) {
  return { functionCallId, functionName, moduleName };
}

function standing(calls: readonly ForestCall[]): Pick<GraphBox, "counts" | "leadsToFailure"> {
  const counts: Record<InputStatus, number> = { ...noInputs };
  for (const call of calls) {
    for (const status of Object.keys(counts) as InputStatus[]) counts[status] += call.counts[status];
  }
  return { counts, leadsToFailure: calls.some(({ leadsToFailure }) => leadsToFailure) };
}

function firstOf(calls: readonly ForestCall[]): ForestCall {
  const [first] = calls;
  if (!first) throw new RangeError("There is no call to draw.");
  return first;
}
