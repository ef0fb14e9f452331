import { homedir } from "node:os";
import { join } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { InputError } from "../inputs/inputError.ts";
import type { Services } from "./services.ts";

/** *Open Modal Configuration File*: opens the file of Modal's profiles, at the place that is wrong in it. */
export async function openModalConfig({ targets }: Services): Promise<void> {
  const problem = await targets.refresh().then(
    () => "",
    (error: unknown) => (error instanceof Error ? error.message : ""),
  );
  const [, line = "1"] = problem.match(/line (\d+)/) ?? [];
  const [, column = "1"] = problem.match(/column (\d+)/) ?? [];
  const place = new vscode.Position(Number(line) - 1, Number(column) - 1);
  const path = process.env.MODAL_CONFIG_PATH || join(homedir(), ".modal.toml");
  const selection = new vscode.Range(place, place);
  await vscode.window.showTextDocument(vscode.Uri.file(path), { selection }).then(undefined, (cause: unknown) => {
    throw new InputError(l10n.t`${path} cannot be opened; "modal setup" in a terminal makes it.`, { cause });
  });
}
