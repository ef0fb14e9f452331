import "@vscode/codicons/dist/codicon.css";
import "@vscode-elements/elements/dist/vscode-badge/index.js";
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-option/index.js";
import "@vscode-elements/elements/dist/vscode-single-select/index.js";
import "@vscode-elements/elements/dist/vscode-tab-header/index.js";
import "@vscode-elements/elements/dist/vscode-tab-panel/index.js";
import "@vscode-elements/elements/dist/vscode-tabs/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import "./translations.ts";
import { batch, effect } from "@preact/signals";
import { render } from "preact";
import { Host } from "./host.ts";
import { Page } from "./page.tsx";
import { CallPage } from "./state.ts";

const host = new Host();
const page = new CallPage({
  requestValue: (index) => host.requestValue(index),
  requestPart: (number, index, part) => host.requestPart(number, index, part),
  lookAtRows: (number, wanted, opened) => host.lookAtRows(number, wanted, opened),
  lookAtWaterfall: (number, wanted) => host.lookAtWaterfall(number, wanted),
  lookAtLatency: (number, wanted) => host.lookAtLatency(number, wanted),
});

const remembered = host.remembered();
if (remembered) page.restore(remembered);
effect(() => {
  const state = page.state;
  if (state) host.remember(state);
});
host.listen((messages) =>
  batch(() => {
    for (const message of messages) page.apply(message);
  }),
);
render(<Page page={page} host={host} />, document.body.appendChild(document.createElement("div")));
host.ready();
