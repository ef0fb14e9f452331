/** A VS Code in which nothing is open or visible, and nothing ever happens: as much as the extension asks for while it starts. */

/** Facts of this window. Whatever is not listed is a function that can be called or constructed, and gives the like. */
const FACTS: Readonly<Record<string, unknown>> = {
  activeTextEditor: undefined,
  bundle: undefined,
  isTrusted: true,
  textDocuments: [],
  visible: false,
  visibleTextEditors: [],
  workspaceFolders: undefined,
  // A proxy that had it would be taken for a promise.
  // biome-ignore lint/suspicious/noThenProperty: it says that there is none
  then: undefined,
};

function anything(): never {
  return new Proxy(class {}, {
    get: (_, name) => {
      if (name === Symbol.toPrimitive) return () => "";
      if (name === "get") return () => undefined;
      return typeof name === "string" && name in FACTS ? FACTS[name] : anything();
    },
    set: () => true,
    apply: anything,
    construct: anything,
  }) as never;
}

export const commands = anything();
export const env = anything();
export const extensions = anything();
export const l10n = anything();
export const languages = anything();
export const window = anything();
export const workspace = anything();
export const CodeLens = anything();
export const DecorationRangeBehavior = anything();
export const Disposable = anything();
export const EventEmitter = anything();
export const MarkdownString = anything();
export const Range = anything();
export const StatusBarAlignment = anything();
export const ThemeColor = anything();
export const ThemeIcon = anything();
export const TreeItem = anything();
export const TreeItemCollapsibleState = anything();
export const Uri = anything();
export const context = anything();
