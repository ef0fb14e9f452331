import { basename } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { InputError } from "../inputs/inputError.ts";
import { readSetting } from "../settings/readSetting.ts";
import { DeployError } from "../targets/targetError.ts";
import type { TargetPlace } from "../targets/targetList.ts";
import { isRecord } from "./argument.ts";
import { withCancellableProgress } from "./progress.ts";
import { pythonFor } from "./python/pythonInterpreter.ts";
import { saveFiles } from "./python/saveFiles.ts";
import type { Services } from "./services.ts";

/** What came of a deployment. */
export type Deployment = Awaited<ReturnType<Awaited<ReturnType<Services["targets"]["local"]["engine"]>>["deploy"]>>;

/**
 * *Deploy App*: deploys every app of a Python file.
 *
 * @param argument `{ path }`, a `Uri` from an editor's or explorer's menu, or undefined for the active file
 * @returns the names of the apps, when they went to the engine on this machine
 */
export async function deployApp(services: Services, argument: unknown): Promise<string[] | undefined> {
  const file = givenFile(argument) ?? activePythonFile() ?? (await pickFile());
  if (!file) return undefined;
  const place = services.targets.current;
  if (place.targetId !== services.targets.local.id) return deployElsewhere(services, file, place);
  const { apps } = await deployFile(services, file);
  const names = apps.map(({ name, version, unchanged }) =>
    unchanged ? l10n.t`${name} (unchanged)` : `${name} v${version}`,
  );
  void vscode.window.showInformationMessage(l10n.t`Deployed ${names.join(", ")}.`);
  return apps.map((app) => app.name);
}

async function deployElsewhere(services: Services, file: vscode.Uri, place: TargetPlace): Promise<undefined> {
  const { deployToAccount } = await import("./deployToAccount.ts");
  await saveFiles(file);
  await deployToAccount(services, file, place);
  const { name } = await services.targets.find(place.targetId);
  void vscode.window.showInformationMessage(l10n.t`Deployed ${basename(file.fsPath)} to ${name}.`);
}

/**
 * Deploys a file to the engine on this machine as it is on disk, after saving it. Where it is at fault, its line is marked.
 *
 * @throws DeployError the file is at fault
 */
export async function deployFile(services: Services, file: vscode.Uri): Promise<Deployment> {
  await saveFiles(file);
  const title = l10n.t`Deploying ${basename(file.fsPath)}`;
  try {
    const deployment = await withCancellableProgress(title, async ({ signal }) => {
      const [python, engine] = await Promise.all([pythonFor(services, file), services.targets.local.engine()]);
      const runtime = readSetting("spawnpoint.runtime", file);
      return await engine.deploy({ path: file.fsPath, python, runtime, signal });
    });
    services.diagnostics.clear(file);
    for (const line of deployment.output.split("\n").filter(Boolean)) services.log.info(line);
    for (const { name, version, unchanged, modalVersion } of deployment.apps) {
      const runtime = modalVersion && ` by Modal ${modalVersion}`;
      services.log.info(`Deployed ${name} v${version} from ${file.fsPath}${runtime}${unchanged ? ", unchanged" : ""}.`);
    }
    if (deployment.apps.some((app) => !app.unchanged)) services.explorer.refresh();
    sayNotApplied(services, deployment);
    return deployment;
  } catch (error) {
    if (error instanceof DeployError) services.diagnostics.report(file, error);
    throw error;
  }
}

/** Settings that have no effect on this machine are said once per deployment, in full in the output. */
function sayNotApplied({ log }: Services, { apps }: Deployment): void {
  const notApplied = apps.filter((app) => !app.unchanged).flatMap((app) => app.notApplied);
  if (notApplied.length === 0) return;
  for (const { functionName, option, reason } of notApplied) log.warn(`${functionName || "app"}: ${option}: ${reason}`);
  const options = [...new Set(notApplied.map(({ option }) => option))].join(", ");
  void vscode.window
    .showWarningMessage(l10n.t`Not applied on this machine: ${options}.`, l10n.t("Show Output"))
    .then((choice) => choice && log.show());
}

function givenFile(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  return isRecord(argument) && typeof argument.path === "string" ? vscode.Uri.file(argument.path) : undefined;
}

function activePythonFile(): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId === "python" && document.uri.scheme === "file") return document.uri;
  if (document?.languageId === "python" && document.isUntitled) {
    throw new InputError(l10n.t`${document.uri.path} is not on disk yet; save it first.`);
  }
  // A file that was opened a moment ago may have its tab before its editor and its language are known here.
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const isPythonFile =
    input instanceof vscode.TabInputText && input.uri.scheme === "file" && input.uri.path.endsWith(".py");
  return isPythonFile ? input.uri : undefined;
}

async function pickFile(): Promise<vscode.Uri | undefined> {
  const files = await vscode.workspace.findFiles("**/*.py", "**/{.venv,venv,node_modules,site-packages}/**", 500);
  const items = files.map((uri) => ({
    label: basename(uri.fsPath),
    description: vscode.workspace.asRelativePath(uri),
    uri,
  }));
  if (items.length > 0) {
    const item = await vscode.window.showQuickPick(items, {
      placeHolder: l10n.t("Which Python file to deploy?"),
      matchOnDescription: true,
      ignoreFocusOut: true, // See mapFunction.ts: a call panel may take the focus back.
    });
    return item?.uri;
  }
  const [file] =
    (await vscode.window.showOpenDialog({ filters: { Python: ["py"] }, openLabel: l10n.t("Deploy") })) ?? [];
  return file;
}
