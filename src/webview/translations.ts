import * as l10n from "@vscode/l10n";

// The host puts the user's sentences into the document (`panel/html.ts`). This is imported first, so that all others find them.
const text = document.getElementById("translations")?.textContent;
if (text) l10n.config({ contents: text });
