import "@vscode/codicons/dist/codicon.css";
import "../translations.ts";
import { batch } from "@preact/signals";
import { render } from "preact";
import type { CompareHostMessage } from "../../panel/compareMessages.ts";
import { ComparePage, type ComparePageApi } from "./comparePage.ts";
import { ComparePageView } from "./comparePageView.tsx";

declare function acquireVsCodeApi(): ComparePageApi;

const page = new ComparePage(acquireVsCodeApi());
window.addEventListener("message", (event: MessageEvent<CompareHostMessage>) => batch(() => page.apply(event.data)));
render(<ComparePageView page={page} />, document.body.appendChild(document.createElement("div")));
page.ready();
