import { access, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before } from "node:test";
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";
import { launchChromium } from "../../scripts/chromium.ts";
import { type CodeServer, installExtension, startCodeServer } from "../../scripts/codeServer.ts";
import { cacheFolder, rootFolder } from "../../scripts/project.ts";
import { extensionPath } from "../../scripts/vsix.ts";
import type { EngineAddress } from "../../src/targets/engineAddress.ts";

/** How long a test waits for what it expects. Generous: it only matters when something is broken. */
const patienceMs = 45_000;
const clickPatienceMs = 5_000;

/** As in keybindings.json. */
interface Keybinding {
  readonly key: string;
  readonly command: string;
  readonly args?: unknown;
}

export interface WorkbenchOptions {
  /** Files of the workspace beside the samples: text by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Names of files whose apps are deployed before the tests. */
  readonly deployed?: readonly string[];
  /** Modal's configuration file; there is none otherwise. */
  readonly modalConfig?: string;
  /** User settings, as in settings.json. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Paths of .vsix files of other extensions. */
  readonly extensions?: readonly string[];
  /** The user's own keys. */
  readonly keys?: readonly Keybinding[];
  /** Added to the environment of VS Code. */
  readonly env?: Readonly<Record<string, string>>;
  readonly size?: { readonly width: number; readonly height: number };
}

/**
 * Opens one VS Code for the tests of a file, and closes it after them. When a test fails, what was on the screen is kept
 * in `.cache/e2e-failures`.
 *
 * @returns gives the workbench; to be called inside tests
 */
export function useWorkbench(options: WorkbenchOptions = {}): () => Workbench {
  let workbench: Workbench | undefined;
  const opened = () => {
    if (!workbench) throw new Error("The workbench is there only inside tests.");
    return workbench;
  };
  before(async () => {
    workbench = await Workbench.open(options);
  });
  afterEach(async (test) => {
    if (!("passed" in test) || test.passed) return;
    test.diagnostic(`What was on the screen: ${await opened().keepScreen(test.name)}`);
  });
  after(() => workbench?.close());
  return opened;
}

/**
 * A real VS Code with the packed extension, in a real browser, as a user has it in front of them: own profile, own
 * engine, and a copy of the samples as its workspace. All of it is gone after `close`.
 */
export class Workbench {
  readonly page: Page;
  /** Holds the profile, the workspace and the engine's data. */
  readonly #folder: string;
  readonly #server: CodeServer;
  readonly #browser: Browser;

  private constructor(folder: string, server: CodeServer, browser: Browser, page: Page) {
    this.#folder = folder;
    this.#server = server;
    this.#browser = browser;
    this.page = page;
  }

  /** @throws Error it did not open; what was started is ended, and the screen is kept in `.cache/e2e-failures` */
  static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    await mkdir(cacheFolder, { recursive: true });
    const folder = await mkdtemp(join(cacheFolder, "e2e-"));
    await cp(join(rootFolder, "media", "samples"), join(folder, "workspace"), { recursive: true });
    for (const [name, text] of Object.entries(options.files ?? {})) {
      await writeFile(join(folder, "workspace", name), text);
    }
    if (options.modalConfig) await writeFile(join(folder, "modal.toml"), options.modalConfig);
    const profileFolder = join(folder, "profile");
    for (const path of [extensionPath, ...(options.extensions ?? [])]) await installExtension(profileFolder, path);
    if (options.keys) await writeKeys(profileFolder, options.keys);
    const server = await startCodeServer({
      profileFolder,
      workspaceFolder: join(folder, "workspace"),
      env: {
        SPAWNPOINT_HOME: join(folder, "engine"),
        MODAL_CONFIG_PATH: join(folder, "modal.toml"),
        ...options.env,
      },
      ...(options.settings && { settings: options.settings }),
    });
    const browser = await launchChromium();
    const page = await browser.newPage({ viewport: options.size ?? { width: 1400, height: 900 } });
    page.setDefaultTimeout(patienceMs);
    const workbench = new Workbench(folder, server, browser, page);
    try {
      await page.goto(server.url);
      await workbench.#ready();
      for (const name of options.deployed ?? []) await workbench.deploy(name);
      return workbench;
    } catch (error) {
      await workbench.keepScreen("did not open");
      await workbench.close();
      throw error;
    }
  }

  /** Closes the window, ends VS Code and the engine, and removes what they wrote. */
  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
    await this.killEngine();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 10 });
  }

  /** Takes a picture of what is on the screen, and returns its path. */
  async keepScreen(name: string): Promise<string> {
    const path = join(cacheFolder, "e2e-failures", `${name.replaceAll(/[^\w]+/g, "-")}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  /** Reloads the window with VS Code's own command, which first writes down what is open. */
  async reload(): Promise<void> {
    const reloaded = this.page.waitForEvent("domcontentloaded");
    await this.runCommand("Developer: Reload Window");
    await reloaded;
    await this.#ready();
  }

  async #ready(): Promise<void> {
    await this.page.locator(".monaco-workbench").waitFor();
    await this.page.locator(".explorer-folders-view .monaco-list-row, .activitybar").first().waitFor();
  }

  /** The path of a file of the workspace. */
  file(name: string): string {
    return join(this.#folder, "workspace", name);
  }

  async openFile(name: string): Promise<void> {
    const tab = this.page.locator(`.tab.active[data-resource-name="${name}"]`);
    await this.#insist(`${name} does not open`, tab, async () => {
      await this.page.keyboard.press("Control+KeyP");
      await this.#quickInput().fill(name);
      // Not by Enter: until the list is filtered, its first row is another file.
      const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first();
      await succeeds(row.click({ timeout: 5_000 }));
    });
  }

  /** Deploys the apps of a file of the workspace, and waits until that is done. */
  async deploy(name: string): Promise<void> {
    await this.openFile(name);
    await this.codeLens("Run").first().waitFor(); // Then the extension knows the file.
    await this.runCommand("Spawnpoint: Deploy App");
    await this.notification("Deployed").waitFor();
    await this.clearNotifications();
  }

  /** The line of the editor in front with this text. */
  editorLine(text: string): Locator {
    return this.page.locator(".editor-group-container.active .view-line", { hasText: text });
  }

  /** Brings the cursor to the end of a line of the editor in front; lines count from 1. */
  async goToEndOfLine(line: number): Promise<void> {
    const there = this.page.locator(".statusbar").getByText(`Ln ${line},`);
    await this.#insist(`The cursor does not come to line ${line}`, there, async () => {
      await this.page.keyboard.press("Control+KeyG");
      await this.#quickInput().fill(`:${line}`);
      await this.page.locator(".quick-input-list .monaco-list-row", { hasText: `line ${line}` }).waitFor();
      await this.page.keyboard.press("Enter");
    });
    await this.page.keyboard.press("End");
  }

  /** Does something until another thing succeeds, which is tried first. */
  async insist(problem: string, goal: () => Promise<void>, act: () => Promise<void>): Promise<void> {
    const giveUpAt = Date.now() + patienceMs;
    while (!(await succeeds(goal()))) {
      if (Date.now() > giveUpAt) throw new Error(`${problem}.`);
      await act();
    }
  }

  /** Does something again until what is expected of it is there: VS Code's boxes take no key in their first moment. */
  async #insist(problem: string, expected: Locator, act: () => Promise<void>): Promise<void> {
    const giveUpAt = Date.now() + patienceMs;
    while (!(await expected.isVisible())) {
      if (Date.now() > giveUpAt) throw new Error(`${problem}.`);
      await act();
      await expected.waitFor({ timeout: 5_000 }).catch(() => this.page.keyboard.press("Escape"));
    }
  }

  /** Runs a command from the palette by its whole title, such as "Spawnpoint: Deploy App". */
  async runCommand(title: string): Promise<void> {
    // Not by a part of its label: "Run" is also the beginning of other commands.
    const label = this.page.locator(".label-name", { hasText: new RegExp(`^${escaped(title)}$`) });
    const row = this.page.locator(".quick-input-list .monaco-list-row").filter({ has: label }).first();
    const giveUpAt = Date.now() + patienceMs;
    for (;;) {
      await this.page.keyboard.press("F1");
      try {
        await this.#quickInput().fill(`>${title}`, { timeout: 5_000 });
        return await row.click({ timeout: 5_000 });
      } catch (error) {
        if (Date.now() > giveUpAt) throw error;
        await this.page.keyboard.press("Escape"); // A command that was not enabled yet is there the next time.
      }
    }
  }

  /** Picks from the list that is open in the palette's place. */
  async pick(label: string | RegExp): Promise<void> {
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: label }).first().click();
  }

  /** Types an answer into the input box whose prompt or placeholder has this text. */
  async answer(prompt: string | RegExp, text: string): Promise<void> {
    const widget = this.page.locator(".quick-input-widget:visible");
    await widget
      .filter({ hasText: prompt })
      .or(widget.filter({ has: this.page.getByPlaceholder(prompt) }))
      .waitFor();
    await this.#quickInput().fill(text);
    await this.page.keyboard.press("Enter");
  }

  /** Answers VS Code's own dialog for files with a path. */
  async chooseFile(title: string, path: string): Promise<void> {
    const dialog = this.#fileDialog(title);
    await dialog.waitFor();
    await this.insist(
      `The dialog does not take ${path}`,
      () => dialog.waitFor({ state: "hidden", timeout: 2_000 }),
      async () => {
        // It takes nothing while it reads a folder.
        await succeeds(this.#quickInput().fill(path, { timeout: 2_000 }));
        await this.page.keyboard.press("Enter");
      },
    );
  }

  /** Closes VS Code's own dialog for files without choosing one. */
  async refuseFile(title: string): Promise<void> {
    const dialog = this.#fileDialog(title);
    await dialog.waitFor();
    await this.insist(
      "The dialog does not close",
      () => dialog.waitFor({ state: "hidden", timeout: 2_000 }),
      () => this.page.keyboard.press("Escape"),
    );
  }

  #fileDialog(title: string): Locator {
    return this.page.locator(".quick-input-widget:visible").filter({ hasText: title });
  }

  /** Waits until a file of the workspace is there. */
  async waitForFile(name: string): Promise<void> {
    await this.insist(
      `${name} is not written`,
      () => access(this.file(name)),
      () => this.page.waitForTimeout(100),
    );
  }

  #quickInput(): Locator {
    return this.page.locator(".quick-input-widget:visible .quick-input-box input");
  }

  /** Brings the extension's view into the side bar. */
  async showSidebar(): Promise<void> {
    const tab = this.page.getByRole("tab", { name: "Spawnpoint" }).first();
    if ((await tab.getAttribute("aria-selected")) !== "true") await tab.click();
  }

  /** Rows of the tree in the side bar with this label. */
  treeItem(label: string): Locator {
    const named = this.page.locator(".label-name").getByText(label, { exact: true });
    return this.page.locator(".sidebar").getByRole("treeitem").filter({ has: named });
  }

  /** Unfolds a row of the tree. A click that comes while VS Code draws the row anew is lost, as it is for users. */
  async unfold(row: Locator): Promise<void> {
    const giveUpAt = Date.now() + patienceMs;
    const unfolded = row.and(this.page.locator('[aria-expanded="true"]'));
    while ((await unfolded.count()) === 0) {
      if (Date.now() > giveUpAt) throw new Error(`The row does not unfold: ${await row.textContent()}`);
      await row.click();
      await unfolded.waitFor({ timeout: 5_000 }).catch(() => undefined);
    }
  }

  /**
   * Picks from a menu.
   *
   * @param place what has the menu
   * @param button `right` opens a context menu, `left` the menu of a button
   */
  async pickFromMenu(place: Locator, label: string, button: "left" | "right" = "right"): Promise<void> {
    const item = this.page.getByRole("menuitem", { name: label, exact: true });
    const giveUpAt = Date.now() + patienceMs;
    for (;;) {
      await this.page.mouse.move(0, 0); // A tooltip where the pointer rests would stand before the next row.
      // One that comes late stays, until a key is pressed.
      const isClicked = await place.click({ button, timeout: clickPatienceMs }).then(
        () => true,
        () => false,
      );
      if (isClicked && (await takes(item))) return;
      if (Date.now() > giveUpAt) throw new Error(`The menu does not offer or take "${label}".`);
      await this.page.keyboard.press("Escape"); // A menu that opens late would stand before its button.
    }
  }

  /** The CodeLenses with this text, from the top of the file. */
  codeLens(text: string | RegExp): Locator {
    return this.page.locator(".codelens-decoration a", { hasText: text });
  }

  /** Messages in the corner. */
  notification(text: string | RegExp): Locator {
    return this.page.locator(".notifications-toasts .notification-toast", { hasText: text });
  }

  async clearNotifications(): Promise<void> {
    await this.runCommand("Notifications: Clear All Notifications");
    await this.page.locator(".notification-toast").first().waitFor({ state: "hidden" });
  }

  /** The page of the call panel in front. */
  get callPanel(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready:visible").frameLocator("#active-frame");
  }

  /** The page of logs in the panel. VS Code draws pages above the workbench, so that they are told apart by what is in them. */
  get logsView(): Locator {
    return this.page.frameLocator("iframe.webview.ready:visible").frameLocator("#active-frame").locator(".log-page");
  }

  /** The engine's process id; undefined while none has started. */
  async enginePid(): Promise<number | undefined> {
    try {
      return (await this.engineAddress()).pid;
    } catch {
      return undefined; // No engine yet, or it is gone.
    }
  }

  /** Where the engine listens, and the token that it takes. */
  async engineAddress(): Promise<EngineAddress> {
    return JSON.parse(await readFile(join(this.#folder, "engine", "engine.json"), "utf8"));
  }

  /** The item of the status bar with this text. */
  statusItem(text: string | RegExp): Locator {
    return this.page.locator(".statusbar-item:visible", { hasText: text });
  }

  /** Kills the engine as a crash would. */
  async killEngine(): Promise<void> {
    const pid = await this.enginePid();
    if (pid === undefined) return;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It was dead already.
    }
  }
}

/**
 * Clicks an item of a menu until the menu has gone by that click.
 *
 * @returns false when the menu did not open, or closed by itself, as VS Code closes a menu when something else happens
 */
async function takes(item: Locator): Promise<boolean> {
  await succeeds(item.waitFor({ timeout: 5_000 }));
  // A menu takes no click in its first moments: then it is still there afterwards.
  while (await item.isVisible()) {
    const isClicked = await succeeds(item.click({ timeout: 2_000 }));
    if (isClicked && (await succeeds(item.waitFor({ state: "hidden", timeout: 1_000 })))) return true;
  }
  return false;
}

async function succeeds(act: Promise<void>): Promise<boolean> {
  try {
    await act;
    return true;
  } catch {
    return false;
  }
}

/** For a regular expression that finds the text itself. */
function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

async function writeKeys(profileFolder: string, keys: readonly Keybinding[]): Promise<void> {
  const folder = join(profileFolder, "data", "User");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "keybindings.json"), JSON.stringify(keys));
}
