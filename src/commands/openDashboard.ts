import * as vscode from "vscode";
import { textProperty } from "./argument.ts";

/** *Open in Dashboard*: opens Modal's page of an app or a function. The official clients build the address so (`App.get_dashboard_url`). */
export async function openDashboard(argument: unknown): Promise<void> {
  const id = textProperty(argument, "functionId") ?? textProperty(argument, "appId");
  if (id) await vscode.env.openExternal(vscode.Uri.parse(`https://modal.com/id/${encodeURIComponent(id)}`));
}
