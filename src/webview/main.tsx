import "@vscode/codicons/dist/codicon.css";
import "@vscode-elements/elements/dist/vscode-badge/index.js";
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-option/index.js";
import "@vscode-elements/elements/dist/vscode-single-select/index.js";
import "@vscode-elements/elements/dist/vscode-tab-header/index.js";
import "@vscode-elements/elements/dist/vscode-tab-panel/index.js";
import "@vscode-elements/elements/dist/vscode-tabs/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import { batch, effect } from "@preact/signals";
import { render } from "preact";
import { Host } from "./host.ts";
import { Page } from "./page.tsx";
import { CallPage } from "./state.ts";

const host = new Host();
const page = new CallPage((index) => host.requestValue(index));

page.tab.value = host.remembered()?.tab ?? page.tab.value;
effect(() => {
  const call = page.call.value;
  const tab = page.tab.value;
  if (call) host.remember({ targetId: call.targetId, functionCallId: call.functionCallId, tab });
});
host.listen((messages) =>
  batch(() => {
    for (const message of messages) page.apply(message);
  }),
);
render(<Page page={page} host={host} />, document.body.appendChild(document.createElement("div")));
host.ready();
