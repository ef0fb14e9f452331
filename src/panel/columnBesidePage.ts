import * as vscode from "vscode";

/** Where a file opens: of a page in front that may have asked for it, not over that, but where editors are, or beside it. */
export function columnBesidePage(): vscode.ViewColumn {
  const { activeTab, viewColumn } = vscode.window.tabGroups.activeTabGroup;
  if (!(activeTab?.input instanceof vscode.TabInputWebview)) return viewColumn;
  const editor = vscode.window.visibleTextEditors.find((one) => one.viewColumn !== undefined);
  return editor?.viewColumn ?? vscode.ViewColumn.Beside;
}
