import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { after, before } from "node:test";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../../scripts/chromium.ts";
import { type CallForest, callForest } from "../../src/calls/callForest.ts";
import { graphOutline } from "../../src/calls/graphOutline.ts";
import type { Decodable } from "../../src/calls/results/decodedResult.ts";
import { OpenedValue } from "../../src/calls/results/openedValue.ts";
import { ResultRows } from "../../src/calls/results/resultRows.ts";
import type { CallGraphLists } from "../../src/client/index.ts";
import type { CompareHostMessage, ComparePageMessage, ComparePageState } from "../../src/panel/compareMessages.ts";
import { pageHtml } from "../../src/panel/html.ts";
import type { LogHostMessage, LogPageMessage, LogPageState } from "../../src/panel/logMessages.ts";
import type { HostMessage, PageMessage, PageState, ResultRow } from "../../src/panel/messages.ts";
import { RowsDesk } from "../../src/panel/rowsDesk.ts";
import { PageTimes } from "./pageTimes.ts";
import { THEMES } from "./themes.ts";

/** The style sheet that VS Code puts into every webview, as far as it can disturb a page. */
const VSCODE_STYLES = `
  html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
  body { margin: 0; padding: 0 20px; overscroll-behavior-x: none; background: transparent;
    color: var(--vscode-editor-foreground); font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); }
  img, video { max-width: 100%; max-height: 100%; }
  a, a code { color: var(--vscode-textLink-foreground); }
  code { font-family: monospace; color: #d7ba7d; background-color: #ff00ff22; padding: 1px 3px; border-radius: 4px; }
`;

/** The document that the extension host makes, with the style sheet of VS Code in it. */
function documentFor(origin: string): string {
  const html = pageHtml({
    title: "Page",
    scriptUri: `${origin}/webview.js`,
    styleUri: `${origin}/webview.css`,
    cspSource: origin,
    nonce: "page",
    language: "en",
    translations: undefined,
  });
  return html.replace("<head>", `<head><link rel="stylesheet" href="${origin}/vscode.css">`);
}

/** How long a test waits for what it expects. Generous: it only matters when something is broken. */
const patienceMs = 45_000;

const MEDIA_TYPES: Record<string, string> = {
  ".css": "text/css",
  ".js": "text/javascript",
  ".ttf": "font/ttf",
};

type Sent = PageMessage | LogPageMessage | ComparePageMessage;
type State = PageState | LogPageState | ComparePageState;
type Posted = HostMessage | LogHostMessage | CompareHostMessage;

/** What the stand-in for VS Code recorded in the page. */
interface PageRecord {
  readonly sent: Sent[];
  state: State | undefined;
  readonly violations: string[];
}

declare global {
  interface Window {
    readonly record: PageRecord;
    /** Hands what the page sends to the test, besides recording it. */
    readonly tellTest: (message: Sent) => void;
  }
}

/**
 * Builds a page for the tests of a file.
 *
 * @param entry of the page, below `src/webview`
 * @returns runs a test with a page of its own, which must come to its end without an error or a refused resource
 */
export function usePages(entry?: string) {
  let harness: PageHarness | undefined;
  before(async () => {
    harness = await PageHarness.start(entry);
  });
  after(() => harness?.close());
  return async (body: (opened: OpenPage) => Promise<void>, options?: OpenOptions): Promise<void> => {
    if (!harness) throw new Error("Pages are there only inside tests.");
    const opened = await harness.open(options);
    try {
      await body(opened);
      assert.deepEqual(await opened.violations(), []);
      assert.deepEqual(opened.errors, []);
    } finally {
      await opened.close();
    }
  };
}

/** The built page in a real browser, with a stand-in for VS Code around it. */
class PageHarness {
  readonly #server: Server;
  readonly #browser: Browser;
  readonly #folder: string;

  private constructor(server: Server, browser: Browser, folder: string) {
    this.#server = server;
    this.#browser = browser;
    this.#folder = folder;
  }

  /**
   * Builds a page and starts a browser. Close it when done.
   *
   * @param entry of the page, below `src/webview`
   */
  static async start(entry = "main.tsx"): Promise<PageHarness> {
    const folder = await mkdtemp(join(tmpdir(), "spawnpoint-webview-"));
    await build({
      entryPoints: { webview: `src/webview/${entry}` },
      outdir: folder,
      bundle: true,
      platform: "browser",
      format: "iife",
      target: "es2023",
      loader: { ".ttf": "file" },
      logLevel: "warning",
    });
    const server = createServer((request, response) => void serve(folder, request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const browser = await launchChromium();
    return new PageHarness(server, browser, folder);
  }

  /** Opens the page anew, as VS Code would with this theme. */
  async open({ theme = "dark", widthPx = 1200, heightPx = 760, state }: OpenOptions = {}): Promise<OpenPage> {
    const page = await this.#browser.newPage({ viewport: { width: widthPx, height: heightPx } });
    page.setDefaultTimeout(patienceMs);
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    const opened = new OpenPage(page, errors);
    await page.exposeFunction("tellTest", (message: Sent) => opened.receive(message));
    await page.addInitScript(installVsCode, state);
    const { port } = this.#server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/`);
    await applyTheme(page, theme);
    return opened;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

export interface OpenOptions {
  readonly theme?: keyof typeof THEMES;
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** What the page kept when it was last shown. */
  readonly state?: State;
}

const SUCCESS: Decodable = {
  status: "SUCCESS",
  exception: "",
  traceback: "",
  isLoaded: true,
  value: () => undefined,
};

/** One opened page, and the desk that hands it rows as the extension host does. */
export class OpenPage {
  readonly page: Page;
  /** Script errors and failed loads. */
  readonly errors: readonly string[];
  readonly #rows = new ResultRows();
  readonly #desk = new RowsDesk(this.#rows);
  readonly #opened = new Map<number, OpenedValue>();
  #forest: CallForest | undefined;
  #host: ((message: Sent) => void) | undefined;
  /** What the page is told of the times of its call. */
  readonly times: PageTimes;
  #noteLook: () => void = () => undefined;
  readonly #looked = new Promise<void>((resolve) => {
    this.#noteLook = resolve;
  });

  constructor(page: Page, errors: readonly string[]) {
    this.page = page;
    this.errors = errors;
    this.times = new PageTimes(this.#rows);
  }

  /** Posts messages as the extension host does, and waits until the page has drawn them. */
  async send(...messages: Posted[]): Promise<void> {
    for (const message of messages) {
      if ("call" in message) this.times.summary = message.call;
      if ("samples" in message) this.times.sampledAt = message.samples.at(-1)?.at ?? 0;
    }
    await this.page.evaluate(async (posted) => {
      for (const message of posted) window.postMessage(message, "*");
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      await new Promise((resolve) => setTimeout(resolve));
      await frame();
      await frame();
    }, messages);
  }

  /** Results that the call has from now on. The page is told of them as soon as it looks, and draws what is in view. */
  async give(...rows: readonly ResultRow[]): Promise<void> {
    this.#rows.add(rows);
    await this.#looked;
    await this.#sendRows();
  }

  /** The call graph that the call has from now on. The page is told of it when it looks. */
  giveGraph(lists: CallGraphLists): void {
    this.#forest = callForest(lists);
  }

  /** Has somebody else answer all that the page asks from now on. */
  handTo(host: (message: Sent) => void): void {
    this.#host = host;
  }

  /** Answers the page's question for a result, and from then on those for its parts. */
  show(index: number, value: unknown): Promise<void> {
    return this.#show(index, { ...SUCCESS, value: () => value });
  }

  /** Answers the page's question for a result that failed. */
  showFailure(index: number, failure: { readonly exception: string; readonly traceback: string }): Promise<void> {
    return this.#show(index, { ...SUCCESS, ...failure, status: "FAILURE" });
  }

  async #show(index: number, result: Decodable): Promise<void> {
    const opened = new OpenedValue(result);
    this.#opened.set(index, opened);
    await this.send({ type: "value", index, value: opened.beginning() });
  }

  /** Takes a message of the page. */
  async receive(message: Sent): Promise<void> {
    // A page that is closing asks once more.
    await this.#answer(message).catch(() => undefined);
  }

  async #answer(message: Sent): Promise<void> {
    if (this.#host) return this.#host(message);
    if (message.type === "look" && "wanted" in message) {
      this.#desk.look(message);
      this.#noteLook();
      await this.#sendRows();
    } else if (message.type === "showGraph") {
      if (message.choices && this.#forest) {
        await this.send({ type: "graph", outline: graphOutline(this.#forest, message.choices) });
      }
    } else if (message.type === "lookAtWaterfall") {
      await this.send({ type: "waterfall", number: message.number, answer: this.times.waterfall(message.wanted) });
    } else if (message.type === "lookAtLatency") {
      await this.send({ type: "latency", number: message.number, answer: this.times.latency(message.wanted) });
    } else if (message.type === "part" && !("side" in message)) {
      const content = this.#opened.get(message.index)?.part(message.part) ?? {};
      await this.send({ type: "part", number: message.number, content });
    }
  }

  /** What the page has sent so far. */
  async sent(): Promise<readonly Sent[]> {
    return (await this.#record()).sent;
  }

  /** Waits until the page has sent a message of this type, and returns the last one. */
  async sentMessage<T extends Sent["type"]>(type: T): Promise<Extract<Sent, { type: T }>> {
    const handle = await this.page.waitForFunction(
      (wanted) => window.record.sent.findLast((message) => message.type === wanted),
      type,
    );
    return (await handle.jsonValue()) as Extract<Sent, { type: T }>;
  }

  async state(): Promise<State | undefined> {
    return (await this.#record()).state;
  }

  /** What the content security policy refused. */
  async violations(): Promise<readonly string[]> {
    return (await this.#record()).violations;
  }

  async showTab(name: string): Promise<void> {
    await this.page.locator("vscode-tab-header", { hasText: name }).click();
  }

  async setTheme(theme: keyof typeof THEMES): Promise<void> {
    await applyTheme(this.page, theme);
  }

  close(): Promise<void> {
    return this.page.close();
  }

  async #sendRows(): Promise<void> {
    const window = this.#desk.window();
    if (window) await this.send({ type: "rows", window });
  }

  #record(): Promise<PageRecord> {
    return this.page.evaluate(() => window.record);
  }
}

async function serve(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const origin = `http://${request.headers.host}`;
  const { pathname } = new URL(request.url ?? "/", origin);
  const body = await bodyOf(folder, pathname, origin).catch(() => undefined);
  const mediaType = pathname === "/" ? "text/html" : (MEDIA_TYPES[extname(pathname)] ?? "text/plain");
  response.writeHead(body === undefined ? 404 : 200, { "content-type": mediaType });
  response.end(body);
}

async function bodyOf(folder: string, pathname: string, origin: string): Promise<string | Buffer> {
  if (pathname === "/") return documentFor(origin);
  if (pathname === "/vscode.css") return VSCODE_STYLES;
  return readFile(join(folder, pathname));
}

/** Runs in the page before its own script, and puts VS Code's side of it there. */
function installVsCode(state: State | undefined): void {
  const record: PageRecord = { sent: [], state, violations: [] };
  document.addEventListener("securitypolicyviolation", (event) =>
    record.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`),
  );
  const acquireVsCodeApi = () => ({
    postMessage: (message: Sent) => {
      record.sent.push(message);
      window.tellTest(message);
    },
    setState: (kept: State) => {
      record.state = kept;
    },
    getState: () => record.state,
  });
  Object.assign(window, { record, acquireVsCodeApi });
}

async function applyTheme(page: Page, theme: keyof typeof THEMES): Promise<void> {
  await page.evaluate(
    ([variables, kind]) => {
      for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(name, value);
      document.body.className = kind === "light" ? "vscode-light" : "vscode-dark";
    },
    [THEMES[theme], theme] as const,
  );
}
