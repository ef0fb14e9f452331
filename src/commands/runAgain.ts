import * as vscode from "vscode";
import type { CallKind } from "../calls/model.ts";
import { InputError } from "../inputs/inputError.ts";
import { textProperty } from "./argument.ts";
import type { Services } from "./services.ts";

const COMMANDS: Readonly<Record<CallKind, string>> = {
  run: "spawnpoint.run",
  spawn: "spawnpoint.spawn",
  map: "spawnpoint.map",
};

/**
 * Makes a call of this workspace once more, with the inputs that it had when they are remembered.
 *
 * @param argument `{ functionCallId }`
 */
export async function runAgain({ history }: Services, argument: unknown): Promise<unknown> {
  const record = history.find(textProperty(argument, "functionCallId") ?? "");
  if (!record) throw new InputError("This call was not made in this workspace; run its function from the sidebar.");
  const { kind, appName, functionName, targetId, environmentName, inputText } = record;
  const fn = { appName, functionName, targetId, environmentName };
  const noArguments = inputText === "" ? { args: [] } : {};
  return vscode.commands.executeCommand(COMMANDS[kind], { ...fn, inputText, ...noArguments });
}
