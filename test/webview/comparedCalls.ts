import type { CallRecord } from "../../src/calls/callRecord.ts";
import { Comparison } from "../../src/calls/compare/comparison.ts";
import type { Output } from "../../src/client/index.ts";
import { CompareHost } from "../../src/panel/compareHost.ts";
import type { ComparePageMessage } from "../../src/panel/compareMessages.ts";
import { comparedRecord } from "../calls/compare/comparedRecord.ts";
import { FakeServer } from "../calls/fakeServer.ts";
import type { OpenPage } from "./pageHarness.ts";

interface SampleSide {
  readonly record?: Partial<CallRecord>;
  readonly outputs: readonly Output[];
}

/** Has the page compare two finished calls through a host as the extension's. Answers what the page asked the host to do. */
export async function compareCalls(opened: OpenPage, left: SampleSide, right: SampleSide): Promise<readonly string[]> {
  const asked: string[] = [];
  const source = (functionCallId: string, { record, outputs }: SampleSide) => {
    const server = new FakeServer(outputs.length);
    server.give(...outputs);
    return { record: comparedRecord(functionCallId, record), connect: server.connect };
  };
  const host = new CompareHost(
    (onNews) => new Comparison(source("fc-left", left), source("fc-right", right), onNews),
    // A page that is closing takes nothing more.
    (message) => void opened.send(message).catch(() => undefined),
    {
      openDifferences: (index) => asked.push(`openDifferences ${index}`),
      showCall: (side) => asked.push(`showCall ${side}`),
      swap: () => asked.push("swap"),
      openFile: (path, line) => asked.push(`openFile ${path} ${line}`),
    },
  );
  opened.handTo((message) => host.receive(message as ComparePageMessage));
  await opened.sentMessage("ready");
  host.receive({ type: "ready" });
  await opened.page.locator(".compare-head").waitFor();
  for (const message of await opened.sent()) if (message.type !== "ready") host.receive(message as ComparePageMessage);
  return asked;
}
