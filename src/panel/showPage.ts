import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { pageHtml } from "./html.ts";

/** Loads one of our pages into a webview, which may read our bundles and nothing else. */
export function showPage(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  { bundle, title }: { readonly bundle: "webview" | "compare" | "logs"; readonly title: string },
): void {
  const dist = vscode.Uri.joinPath(extensionUri, "dist");
  const uriOf = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  webview.options = { enableScripts: true, localResourceRoots: [dist] };
  webview.html = pageHtml({
    title,
    scriptUri: uriOf(`${bundle}.js`),
    styleUri: uriOf(`${bundle}.css`),
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString("base64url"),
    language: vscode.env.language,
    translations: vscode.l10n.bundle,
  });
}

/** What the tab of a panel shows before its title. */
export function pageIcon(extensionUri: vscode.Uri): { readonly light: vscode.Uri; readonly dark: vscode.Uri } {
  const file = (name: string) => vscode.Uri.joinPath(extensionUri, "media", name);
  return { light: file("spawnpointLight.svg"), dark: file("spawnpointDark.svg") };
}
