import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { AutoscalerSettings, ModalFunction } from "../client/index.ts";
import { InputError } from "../inputs/inputError.ts";
import { placeOf, textProperty } from "./argument.ts";
import { autoscalerText, parseAutoscaler } from "./autoscalerText.ts";
import { chooseFunction } from "./choose/chooseFunction.ts";
import type { Services } from "./services.ts";

/** A function, or a class, whose containers come and go. */
interface Scalable {
  readonly name: string;
  readonly fn: ModalFunction;
}

/**
 * *Keep Warm…*: keeps containers of a function running, also while there is nothing to do.
 *
 * @param argument a function or a class with its `functionId`, or what `chooseFunction` takes
 */
export async function keepWarm(services: Services, argument: unknown): Promise<void> {
  const scalable = await chooseScalable(services, argument);
  if (!scalable) return;
  const text = await vscode.window.showInputBox({
    title: l10n.t`Keep Warm: ${scalable.name}`,
    prompt: l10n.t("How many containers run also while there is nothing to do? 0 lets all of them go."),
    value: String((await settingsOf(scalable)).minContainers ?? 0),
    validateInput: (typed) => problemOf(() => parseAutoscaler(`min_containers=${typed.trim()}`)),
    ignoreFocusOut: true,
  });
  if (text === undefined) return;
  await update(scalable, { minContainers: Number(text) });
}

/**
 * *Update Autoscaler…*: changes how the containers of a function come and go, until its app is deployed again.
 *
 * @param argument as for *Keep Warm…*
 */
export async function updateAutoscaler(services: Services, argument: unknown): Promise<void> {
  const scalable = await chooseScalable(services, argument);
  if (!scalable) return;
  const text = await vscode.window.showInputBox({
    title: l10n.t`Autoscaler of ${scalable.name}`,
    prompt: l10n.t(
      "Until the app is deployed again. What is left out keeps its value; scaledown_window is in seconds.",
    ),
    placeHolder: "min_containers=0 max_containers=10 buffer_containers=0 scaledown_window=60",
    value: autoscalerText(await settingsOf(scalable)),
    validateInput: (typed) => problemOf(() => parseAutoscaler(typed)),
    ignoreFocusOut: true,
  });
  if (text === undefined) return;
  await update(scalable, parseAutoscaler(text));
}

async function update({ name, fn }: Scalable, settings: AutoscalerSettings): Promise<void> {
  const inForce = autoscalerText(await fn.updateAutoscaler(settings));
  void vscode.window.showInformationMessage(l10n.t`Autoscaler of ${name}: ${inForce || l10n.t("changed")}.`);
}

async function chooseScalable(services: Services, argument: unknown): Promise<Scalable | undefined> {
  const functionId = textProperty(argument, "functionId");
  if (functionId) {
    const modal = await services.targets.modal(placeOf(services, argument));
    const name = textProperty(argument, "functionName") ?? textProperty(argument, "className") ?? functionId;
    return { name, fn: modal.functions.fromId(functionId) };
  }
  const choice = await chooseFunction(services, argument);
  if (!choice) return undefined;
  const modal = await services.targets.modal(choice);
  const { appId } = await modal.apps.lookup(choice.appName);
  const found = (await modal.apps.layout(appId)).find(({ name }) => name === choice.functionName);
  if (!found) throw new InputError(l10n.t`${choice.functionName} is no longer deployed; deploy it again.`);
  return { name: choice.functionName, fn: modal.functions.fromId(found.functionId) };
}

/** Empty where the server does not tell them. */
async function settingsOf({ fn }: Scalable): Promise<AutoscalerSettings> {
  try {
    return (await fn.getAutoscaler()).settings;
  } catch (error) {
    if (error instanceof Error && error.name === "UnimplementedError") return {};
    throw error;
  }
}

function problemOf(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
