// Who may know whom: the rooms of src/ (see ARCHITECTURE.md). An arrow that is not listed here fails `npm run check`.
// dependency-cruiser reads TypeScript through the compiler's JavaScript API, which TypeScript 7 no longer has: hence
// the package `typescript` is version 6, for tools such as this one, and `tsc` is version 7 (package `@typescript/native`).

/** Each room, and the rooms that it may import. */
const rooms = {
  proto: [],
  client: ["proto"],
  targets: ["client", "proto"],
  calls: ["client", "inputs"],
  inputs: [],
  agents: ["calls", "inputs", "targets", "client"],
  settings: [],
  api: ["agents", "calls", "inputs", "targets", "client"],
  interpreter: ["settings", "targets"],
  explorer: ["calls", "targets", "client"],
  editor: ["settings", "interpreter", "calls", "targets", "client"],
  logs: ["calls", "targets", "client"],
  panel: ["logs", "calls", "targets", "client"],
  commands: [
    "agents",
    "settings",
    "interpreter",
    "explorer",
    "editor",
    "panel",
    "logs",
    "calls",
    "inputs",
    "targets",
    "client",
  ],
  cli: ["client", "inputs", "targets", "proto"],
  engine: ["proto"],
  webview: [],
};

/** The rooms that run inside the extension host, where the module `vscode` exists. */
const inEditor = ["api", "settings", "interpreter", "explorer", "editor", "panel", "commands"];

const roomRules = Object.entries(rooms).map(([room, mayImport]) => ({
  name: `${room}-imports-only-${mayImport.join("-") || "itself"}`,
  severity: "error",
  from: { path: `^src/${room}/` },
  to: {
    path: "^src/",
    pathNot: [
      `^src/(${[room, ...mayImport].join("|")})/`,
      // What the page and its host say to each other is the one thing they share, and it is types only.
      ...(room === "webview" ? ["^src/panel/(messages|compareMessages|logMessages)[.]ts$"] : []),
    ],
  },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: "no-cycles",
      severity: "error",
      from: { path: "^(src|test|scripts)/" },
      to: { circular: true },
    },
    {
      name: "vscode-only-in-the-editor-rooms",
      comment: "Client, engine, calls, targets and command line run in plain Node.",
      severity: "error",
      from: { path: "^src/", pathNot: `^src/(extension[.]ts$|(${inEditor.join("|")})/)` },
      to: { path: "^vscode$|@types/vscode|@vscode/python-extension" },
    },
    {
      name: "no-node-in-the-page",
      severity: "error",
      from: { path: "^src/(webview/|panel/(messages|compareMessages|logMessages)[.]ts$)" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "messages-are-types-only",
      severity: "error",
      from: { path: "^src/webview/" },
      to: { path: "^src/panel/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "nothing-imports-the-composition-root",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^src/(extension|cli/main|engine/main|webview/(logPage/)?main)[.]tsx?$" },
    },
    {
      name: "product-never-imports-tests-or-scripts",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(test|scripts)/" },
    },
    {
      name: "everything-resolves",
      severity: "error",
      from: { path: "^(src|test|scripts)/" },
      to: { couldNotResolve: true, pathNot: "^vscode$" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
