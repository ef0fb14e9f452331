import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { readSetting } from "../settings/readSetting.ts";
import type { InterpreterSource } from "./interpreters.ts";

const PYTHON_EXTENSION = "ms-python.python";
const ENVIRONMENTS_EXTENSION = "ms-python.vscode-python-envs";

/** Those who may choose an interpreter in VS Code, the strongest first. Other extensions are activated when they are first asked. */
export function interpreterSources(): InterpreterSource[] {
  return [new SettingSource(), new EnvironmentsSource(), new PythonSource()];
}

class SettingSource implements InterpreterSource {
  readonly name = l10n.t("the setting spawnpoint.pythonPath");

  async find(file: vscode.Uri): Promise<string | undefined> {
    return readSetting("spawnpoint.pythonPath", file) || undefined;
  }

  onChange(listener: () => void): vscode.Disposable {
    return vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("spawnpoint.pythonPath")) listener();
    });
  }
}

/** Another extension, which may be installed later, and whose changes can be heard of once it is active. */
abstract class ExtensionSource<Api> implements InterpreterSource {
  abstract readonly name: string;
  readonly #extensionId: string;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #watched: vscode.Disposable[] = [this.#changed];
  #api: Promise<Api | undefined> | undefined;

  constructor(extensionId: string) {
    this.#extensionId = extensionId;
  }

  async find(file: vscode.Uri): Promise<string | undefined> {
    if (!vscode.extensions.getExtension(this.#extensionId)) return undefined;
    const api = await this.#loaded();
    return api === undefined ? undefined : this.ask(api, file);
  }

  onChange(listener: () => void): vscode.Disposable {
    const heard = [this.#changed.event(listener), vscode.extensions.onDidChange(listener)];
    return new vscode.Disposable(() => vscode.Disposable.from(...heard, ...this.#watched).dispose());
  }

  /** Undefined when the extension is there and yet has nothing to say. */
  protected abstract load(): Promise<Api | undefined>;
  protected abstract ask(api: Api, file: vscode.Uri): Promise<string | undefined>;
  protected abstract watch(api: Api, changed: () => void): vscode.Disposable;

  #loaded(): Promise<Api | undefined> {
    this.#api ??= this.#loadAndWatch().catch((error: unknown) => {
      this.#api = undefined; // It may start the next time.
      throw error;
    });
    return this.#api;
  }

  async #loadAndWatch(): Promise<Api | undefined> {
    const api = await this.load();
    if (api !== undefined) this.#watched.push(this.watch(api, () => this.#changed.fire()));
    return api;
  }
}

/** What is needed of the API of `ms-python.vscode-python-envs` (its `src/api.ts`). It has none while a setting turns it off. */
interface EnvironmentsApi {
  getEnvironment(
    scope: vscode.Uri,
  ): Promise<{ readonly execInfo?: { readonly run?: { readonly executable?: string } } } | undefined>;
  readonly onDidChangeEnvironment: vscode.Event<unknown>;
}

class EnvironmentsSource extends ExtensionSource<EnvironmentsApi> {
  readonly name = l10n.t("the Python Environments extension");

  constructor() {
    super(ENVIRONMENTS_EXTENSION);
  }

  protected async load(): Promise<EnvironmentsApi | undefined> {
    return vscode.extensions.getExtension<EnvironmentsApi | undefined>(ENVIRONMENTS_EXTENSION)?.activate();
  }

  protected async ask(api: EnvironmentsApi, file: vscode.Uri): Promise<string | undefined> {
    return (await api.getEnvironment(file))?.execInfo?.run?.executable;
  }

  protected watch(api: EnvironmentsApi, changed: () => void): vscode.Disposable {
    return api.onDidChangeEnvironment(changed);
  }
}

type PythonApi = Awaited<ReturnType<typeof import("@vscode/python-extension").PythonExtension.api>>;

class PythonSource extends ExtensionSource<PythonApi> {
  readonly name = l10n.t("the Python extension");

  constructor() {
    super(PYTHON_EXTENSION);
  }

  protected async load(): Promise<PythonApi> {
    const { PythonExtension } = await import("@vscode/python-extension");
    return PythonExtension.api();
  }

  protected async ask({ environments }: PythonApi, file: vscode.Uri): Promise<string | undefined> {
    const environment = await environments.resolveEnvironment(environments.getActiveEnvironmentPath(file));
    return environment?.executable.uri?.fsPath;
  }

  protected watch({ environments }: PythonApi, changed: () => void): vscode.Disposable {
    return environments.onDidChangeActiveEnvironmentPath(changed);
  }
}
