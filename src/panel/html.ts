/** Where the page's files are, as the webview may load them. */
export interface PageResources {
  readonly title: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  /** The webview's own `cspSource`. */
  readonly cspSource: string;
  /** Fresh for each page. */
  readonly nonce: string;
}

/**
 * The page's document: our script, our style, and images that the script makes. Nothing else may load or run, whatever
 * a result contains.
 */
export function pageHtml({ title, scriptUri, styleUri, cspSource, nonce }: PageResources): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    "img-src blob: data:",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link id="vscode-codicon-stylesheet" rel="stylesheet" href="${styleUri}">
  <title>${title}</title>
</head>
<body>
  <script nonce="${nonce}" src="${scriptUri}"></script>
</body>
</html>`;
}
