import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { AgentServices, AgentTool } from "../agents/agentTool.ts";
import { type ToolName, toolNames } from "../agents/toolNames.ts";
import { readSetting } from "../settings/readSetting.ts";
import type { Services } from "./services.ts";
import { rememberCall } from "./startedCall.ts";

/** More of what is sent would push the question out of sight. */
const MAX_PAYLOAD = 4_000;

/** Makes the tools known to language models, where this VS Code has any. What a tool needs is loaded when it is used. */
export function registerAgentTools(services: Services): vscode.Disposable {
  // Builds without chat lack it.
  const lm: Partial<typeof vscode.lm> | undefined = vscode.lm;
  if (!lm?.registerTool) return new vscode.Disposable(() => undefined);
  const register = lm.registerTool;
  return vscode.Disposable.from(...toolNames.map((name) => register(name, new RegisteredTool(services, name))));
}

/** A tool as VS Code calls it. */
class RegisteredTool implements vscode.LanguageModelTool<unknown> {
  readonly #services: Services;
  readonly #name: ToolName;

  constructor(services: Services, name: ToolName) {
    this.#services = services;
    this.#name = name;
  }

  async prepareInvocation({
    input,
  }: vscode.LanguageModelToolInvocationPrepareOptions<unknown>): Promise<vscode.PreparedToolInvocation> {
    const { confirm, progress } = await this.#tool();
    const invocationMessage = progress();
    if (!confirm) return { invocationMessage };
    const { title, message, payload } = await confirm(this.#agentServices(), input);
    const text = new vscode.MarkdownString().appendText(message);
    if (payload !== undefined) {
      const { cutWithNote } = await import("../agents/resultText.ts");
      text.appendCodeblock(cutWithNote(JSON.stringify(payload, undefined, 2), MAX_PAYLOAD), "json");
    }
    return { invocationMessage, confirmationMessages: { title, message: text } };
  }

  async invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<unknown>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    if (!readSetting("spawnpoint.agentTools.enabled")) {
      throw new Error(l10n.t("The user has turned these tools off by the setting spawnpoint.agentTools.enabled."));
    }
    const stop = new AbortController();
    const cancelled = token.onCancellationRequested(() => stop.abort(new vscode.CancellationError()));
    try {
      const text = await (await this.#tool()).run(this.#agentServices(), input, stop.signal);
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
    } finally {
      cancelled.dispose();
    }
  }

  async #tool(): Promise<AgentTool> {
    const { toolTable } = await import("../agents/toolTable.ts");
    return toolTable[this.#name];
  }

  #agentServices(): AgentServices {
    return agentServices(this.#services);
  }
}

/** What callers that are no persons work with: tools of language models, and other extensions. */
export function agentServices(services: Services): AgentServices {
  return {
    targets: services.targets,
    history: services.history,
    isTrusted: vscode.workspace.isTrusted,
    remember: (call) => rememberCall(services, call, { ...call, inputText: undefined }),
  };
}
