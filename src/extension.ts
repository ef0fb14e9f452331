import { join } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { ConnectedApi } from "./api/connectedApi.ts";
import type { SpawnpointApi } from "./api/extensionApi.ts";
import { CallHistory } from "./calls/callHistory.ts";
import type { CallRecord } from "./calls/callRecord.ts";
import { CallWatches } from "./calls/callWatches.ts";
import { agentServices, registerAgentTools } from "./commands/agentTools.ts";
import { registerCommands } from "./commands/register.ts";
import { reportError } from "./commands/reportError.ts";
import type { Services } from "./commands/services.ts";
import { FunctionLenses } from "./editor/codeLenses.ts";
import { DeployDiagnostics } from "./editor/deployDiagnostics.ts";
import { FunctionResults } from "./editor/functionResults.ts";
import { FunctionsContext } from "./editor/functionsContext.ts";
import { InlineResults, openSource } from "./editor/inlineResults.ts";
import { InterpreterStatus } from "./editor/interpreterStatus.ts";
import { PythonFunctions } from "./editor/pythonFunctions.ts";
import { PythonOutput } from "./editor/pythonOutput.ts";
import { ExplorerTree } from "./explorer/explorerTree.ts";
import { TargetStatus } from "./explorer/targetStatus.ts";
import { Interpreters } from "./interpreter/interpreters.ts";
import { interpreterSources } from "./interpreter/sources.ts";
import { CallPanels } from "./panel/callPanels.ts";
import { ComparePanels } from "./panel/comparePanels.ts";
import { LogsView } from "./panel/logsView.ts";
import { readSetting } from "./settings/readSetting.ts";
import { LazyLocalTarget } from "./targets/lazyLocalTarget.ts";
import { TargetList, type TargetPlace } from "./targets/targetList.ts";

/** Builds the rooms and hands them to each other. Nothing is connected, started or read before it is needed. */
export function activate(context: vscode.ExtensionContext): SpawnpointApi {
  l10n.config({ contents: vscode.l10n.bundle ?? {} });
  const services = openServices(context);
  const { targets, history, watches, functions, results, interpreters } = services;
  const targetsChanged = new vscode.EventEmitter<void>();
  const closeTargets = new vscode.Disposable(() => void targets.close());
  context.subscriptions.push(
    services.log,
    services.panels,
    services.comparisons,
    services.logs,
    services.explorer,
    new TargetStatus(targets),
    interpreters,
    new InterpreterStatus(interpreters, functions),
    new FunctionsContext(functions),
    services.diagnostics,
    functions,
    services.output,
    new FunctionLenses({ functions, history, watches, targets }),
    new InlineResults(results, functions),
    new vscode.Disposable(() => results.close()),
    registerCommands(services),
    registerAgentTools(services),
    closeTargets,
    targetsChanged,
    new vscode.Disposable(targets.onChange(() => targetsChanged.fire())),
  );
  return new ConnectedApi({
    services: () => agentServices(services),
    onDidChangeTargets: targetsChanged.event,
  });
}

/** What commands work with, and everything else in the window. */
function openServices(context: vscode.ExtensionContext): Services {
  const { extensionUri, globalStorageUri: storageUri, workspaceState: memory, secrets } = context;
  const log = vscode.window.createOutputChannel("Spawnpoint", { log: true });
  const targets = openTargets(context, log);
  const history = new CallHistory(memory);
  const connect = async (record: CallRecord) => (await targets.find(record.targetId)).modal();
  const watches = new CallWatches(history, connect);
  const pages = {
    extensionUri,
    storageUri,
    recordOf: async (functionCallId: string, targetId: string | undefined) => {
      const { recordOf } = await import("./commands/choose/chooseCall.ts");
      return recordOf({ history, targets }, functionCallId, targetId);
    },
    reportError: (error: unknown) => reportError(log, error),
  };
  const functions = new PythonFunctions();
  return {
    ...{ targets, history, watches, functions, log, memory, secrets, extensionUri, storageUri },
    panels: new CallPanels({ ...pages, watches }),
    comparisons: new ComparePanels({ ...pages, connect }),
    logs: new LogsView(extensionUri, pages.reportError),
    explorer: new ExplorerTree(targets, memory, history),
    interpreters: new Interpreters(interpreterSources()),
    diagnostics: new DeployDiagnostics(),
    results: new FunctionResults({ history, watches, sourceOf: (owner) => openSource(functions, owner) }),
    output: new PythonOutput(),
  };
}

function openTargets(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): TargetList {
  const { workspaceState: memory, secrets } = context;
  const local = new LazyLocalTarget(() => loadLocalTarget(context));
  local.onChange(() => log.info(`The local engine: ${local.state.status}.`));
  return new TargetList(local, () => readAccounts(secrets), {
    get: () => memory.get<TargetPlace>("spawnpoint.target"),
    set: (place) => void memory.update("spawnpoint.target", place),
  });
}

async function readAccounts(secrets: vscode.SecretStorage) {
  const { readAccounts } = await import("./targets/accounts.ts");
  return readAccounts(secrets);
}

/** The client and gRPC are loaded here, when the target is first needed. */
async function loadLocalTarget(context: vscode.ExtensionContext) {
  const [{ LocalTarget }, { defaultDataFolder }] = await Promise.all([
    import("./targets/localTarget.ts"),
    import("./targets/dataFolder.ts"),
  ]);
  return new LocalTarget({
    enginePath: join(context.extensionPath, "dist", "engine.cjs"),
    dataFolder: readSetting("spawnpoint.engine.dataFolder") || defaultDataFolder(),
    keepDays: readSetting("spawnpoint.engine.keepDays") ?? undefined,
    keepGigabytes: readSetting("spawnpoint.engine.keepGigabytes") ?? undefined,
    memoryLimitMib: readSetting("spawnpoint.engine.memoryLimit") ?? undefined,
  });
}
