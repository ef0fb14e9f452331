import { callForest } from "../../src/calls/callForest.ts";
import { graphOutline } from "../../src/calls/graphOutline.ts";
import { layGraph } from "../../src/webview/graph/graphLayout.ts";
import { graphLists, times } from "../calls/graphLists.ts";
import { median, report } from "./figures.ts";

const INPUTS = 10_000;
const REPETITIONS = 5;

/** How long a call graph takes from what the server tells to a drawing: a map of which each input made a call, with some inputs opened. */
export function measureCallGraph(): void {
  const leaves = Array.from({ length: INPUTS }, (_, call) => ({
    functionName: "leaf",
    functionCallId: `fc-leaf-${call}`,
  }));
  const map = graphLists({ functionName: "map", statuses: times(INPUTS, "SUCCESS"), calls: leaves });
  const choices = [{ key: "fc-map", isUnfolded: true, isExpanded: true, first: INPUTS / 2 }];
  const durationsMs = Array.from({ length: REPETITIONS }, () => {
    const startedAt = performance.now();
    layGraph(graphOutline(callForest(map), choices).roots);
    return performance.now() - startedAt;
  });
  report({ name: `call graph of ${2 * INPUTS} inputs in ${INPUTS + 1} calls`, unit: "ms", ours: median(durationsMs) });
}
