import { measureActivation } from "./activation.ts";
import { measureBesideBareRuntime } from "./besideBareRuntime.ts";
import { measureBesideEcho } from "./besideEcho.ts";
import { measureBesidePeers } from "./besidePeers.ts";
import { measureBesideProcessPool } from "./besideProcessPool.ts";
import { measureBesideSdk } from "./besideSdk.ts";
import { measureBesideStream } from "./besideStream.ts";
import { measureBundles } from "./bundles.ts";
import { measureCallGraph } from "./callGraph.ts";
import { measureContainerStarts } from "./containerStarts.ts";
import { measureEditing } from "./editing.ts";
import { measureEngineStart } from "./engineStart.ts";
import { measureForgetting } from "./forgetting.ts";
import { measureMemory } from "./memory.ts";
import { measurePanel } from "./panel.ts";
import type { Part } from "./part.ts";
import { measurePayloads } from "./payloads.ts";
import { measureProfiles } from "./profiles.ts";
import { measureQueue } from "./queue.ts";
import { measureSoak } from "./soak.ts";
import { measureStore } from "./store.ts";
import { measureTransport } from "./transport.ts";
import { measureBesidePoolCalls } from "./warmCall.ts";

/** In the order in which they run: what needs an engine that has done nothing comes first, what changes this process last. */
export const parts: readonly Part[] = [
  {
    name: "start",
    measures: "until an engine answers, from nothing, beside a Node that does nothing",
    measure: measureEngineStart,
  },
  {
    name: "containers",
    measures:
      "from the need of a container to its being ready: the first one of a version beside a Python that does nothing, and the next ones, which are forked",
    measure: ({ modal, python }) => measureContainerStarts(modal, python),
  },
  {
    name: "pool",
    measures: "maps beside Python's `ProcessPoolExecutor`, which neither stores nor serves anything",
    measure: ({ modal, python }) => measureBesideProcessPool(modal, python),
  },
  {
    name: "peers",
    measures:
      "maps and calls beside Celery with Redis and beside Dask distributed, which are installed where they are missing",
    isByNameOnly: true,
    measure: ({ modal }) => measureBesidePeers(modal),
  },
  {
    name: "call",
    measures: "single calls beside those through `ProcessPoolExecutor`, in turns",
    measure: ({ modal, python }) => measureBesidePoolCalls(modal, python),
  },
  {
    name: "spawn",
    measures:
      "until a spawned call is acknowledged, which it is when it is stored, beside a request of the same size to a bare grpc-js server that does nothing, in turns",
    measure: ({ modal }) => measureBesideEcho(modal),
  },
  {
    name: "transport",
    measures:
      "a request of 100 bytes to a process that does nothing: through grpc-js, beside Node's HTTP/2 and beside a bare socket",
    measure: measureTransport,
  },
  {
    name: "sdk",
    measures: "calls beside Modal's JavaScript SDK (npm `modal` 0.11.1): same engine, function and process, in turns",
    measure: ({ modal, address }) => measureBesideSdk(modal, address),
  },
  {
    name: "items",
    measures:
      "the items of one generator beside a stream of messages of the same size from a bare grpc-js server, in turns",
    measure: ({ modal }) => measureBesideStream(modal),
  },
  {
    name: "payloads",
    measures:
      "echoes of 20 KB to 10 MB beside the same bytes through a bare grpc-js server, as many at a time, in turns",
    measure: ({ modal }) => measurePayloads(modal),
  },
  {
    name: "store",
    measures:
      "inputs and outputs through the engine's store beside rows of the same bytes into a bare SQLite table, in turns",
    measure: measureStore,
  },
  {
    name: "queue",
    measures:
      "what the engine and the client take while 100,000 inputs wait in the queue, and how fast these are worked off",
    measure: ({ modal, address }) => measureQueue(modal, address.pid),
  },
  {
    name: "forgetting",
    measures:
      "forgetting a call of 100,000 inputs, beside storing it, and the longest turn of the event loop meanwhile",
    measure: measureForgetting,
  },
  {
    name: "editing",
    measures: "a character typed into a Python file of 5,000 lines: the tree, and the functions found in it",
    measure: measureEditing,
  },
  {
    name: "graph",
    measures: "a call graph of 10,000 inputs that each made a call: joined, outlined and laid out",
    measure: measureCallGraph,
  },
  {
    name: "memory",
    measures:
      "a map of 100,000 inputs and one of 100 results of 10 MB, and by how much client and engine grow over the last four fifths",
    measure: ({ modal, address }) => measureMemory(modal, address.pid),
  },
  {
    name: "bundles",
    measures: "the size of what VS Code and Node load",
    measure: measureBundles,
  },
  {
    name: "profile",
    measures: "where the processor time of engine and client goes: warm calls, a map, the items of a generator",
    isByNameOnly: true,
    measure: ({ modal, address }) => measureProfiles(modal, address.pid),
  },
  {
    name: "activation",
    measures: "what VS Code's own *Startup Performance* says of the extension, the median of five windows",
    isByNameOnly: true,
    measure: measureActivation,
  },
  {
    name: "panel",
    measures:
      "the panel in VS Code: what it adds to the extension host, first rows, memory, and scrolling beside an empty page",
    isByNameOnly: true,
    measure: measurePanel,
  },
  {
    name: "soak",
    measures:
      "an hour's worth of mixed work, 200,000 inputs in a few minutes: what each thing that could leak is at after the warm-up and at the end, and an idle minute",
    isByNameOnly: true,
    measure: measureSoak,
  },
  {
    name: "runtime",
    measures:
      "calls that Modal's own container runtime runs, beside the same runtime against a server that only hands out inputs and takes outputs, in turns; needs Modal's Python package",
    isByNameOnly: true,
    measure: measureBesideBareRuntime,
  },
];
