import "@vscode/codicons/dist/codicon.css";
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-textfield/index.js";
import "../translations.ts";
import { batch } from "@preact/signals";
import { render } from "preact";
import type { LogHostMessage } from "../../panel/logMessages.ts";
import { LogPage, type LogPageApi } from "./logPage.ts";
import { LogPageView } from "./logPageView.tsx";

declare function acquireVsCodeApi(): LogPageApi;

const page = new LogPage(acquireVsCodeApi());
let waiting: LogHostMessage[] = [];
const deliver = () => {
  const messages = waiting;
  waiting = [];
  batch(() => {
    for (const message of messages) page.apply(message);
  });
};
window.addEventListener("message", (event: MessageEvent<LogHostMessage>) => {
  if (waiting.push(event.data) === 1) requestAnimationFrame(deliver);
});
render(<LogPageView page={page} />, document.body.appendChild(document.createElement("div")));
page.ready();
