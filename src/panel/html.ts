/** Where the page's files are, as the webview may load them. */
export interface PageResources {
  readonly title: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  /** The webview's own `cspSource`. */
  readonly cspSource: string;
  /** Fresh for each page. */
  readonly nonce: string;
  /** Of the user, e.g. `en` or `pt-br`. */
  readonly language: string;
  /** The user's sentences by the English ones; none for English. */
  readonly translations: Readonly<Record<string, string>> | undefined;
}

/**
 * The page's document: our script, our style, and images that the script makes. Nothing else may load or run, whatever
 * a result contains.
 */
export function pageHtml({
  title,
  scriptUri,
  styleUri,
  cspSource,
  nonce,
  language,
  translations = {},
}: PageResources): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    "img-src blob: data:",
    "media-src blob:",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link id="vscode-codicon-stylesheet" rel="stylesheet" href="${styleUri}">
  <title>${title}</title>
</head>
<body>
  <script type="application/json" id="translations">${JSON.stringify(translations).replaceAll("<", "\\u003c")}</script>
  <script nonce="${nonce}" src="${scriptUri}"></script>
</body>
</html>`;
}
