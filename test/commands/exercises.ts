import type { commandTable } from "../../src/commands/table.ts";

/** The end-to-end test that takes a command from one of its places, as `test/e2e/<name>.test.ts`; or why there is none. */
export type Exercise = string | { readonly reason: string };

const SHOWN_BY_ITSELF = {
  reason: "What is new is shown within seconds anyway; that rows are read again is tested on the rows of problems.",
};

/** Where users find each command, and the test that takes it from there. A command or menu row without a test fails. */
export const exercises: Readonly<
  Record<keyof typeof commandTable | "workbench.trust.manage", Readonly<Record<string, Exercise>>>
> = {
  "spawnpoint.deployApp": {
    palette: "deploy",
    "title of the view": "commands",
    "editor/title/run": "commands",
    "explorer/context": "commands",
    welcome: "commands",
    "menu of the editor": "codeLens",
  },
  "spawnpoint.run": {
    palette: "targets",
    "button of a row: function": "explorerMenus",
    "menu of a row: function": "explorerMenus",
    "lens of a function": "codeLens",
    "walkthrough: run": "citizenship",
    "menu of the editor": "codeLens",
  },
  "spawnpoint.spawn": {
    palette: "logs",
    "button of a row: function": "explorerMenus",
    "menu of a row: function": "explorer",
    "lens of a function": "codeLens",
    "menu of the editor": "codeLens",
  },
  "spawnpoint.map": {
    palette: "map",
    "button of a row: function": "explorerMenus",
    "menu of a row: function": "explorerMenus",
    "lens of a function": "codeLens",
    "walkthrough: map": "citizenship",
    "menu of the editor": "codeLens",
  },
  "spawnpoint.runEntrypoint": {
    palette: "commands",
    "lens of a localEntrypoint": "codeLens",
    "menu of the editor": "codeLens",
  },
  "spawnpoint.openWebUrl": {
    palette: "commands",
    "menu of a row: web endpoint": "explorerMenus",
    "lens of a webEndpoint": "codeLens",
    "menu of the editor": "codeLens",
  },
  "spawnpoint.runInPython": {
    palette: "codeLens",
    "menu of a row: function": "codeLens",
    "lens of a function": "codeLens",
    "menu of the editor": "codeLens",
  },
  "spawnpoint.debug": {
    palette: "commands",
    "menu of a row: function": "codeLens",
    "lens of a function": "codeLens",
    "menu of the editor": "codeLens",
  },
  "spawnpoint.runAgain": {
    palette: "inputs",
    "menu of a row: call": "inputs",
  },
  "spawnpoint.editAndRunAgain": {
    palette: "inputs",
    "menu of a row: call": "inputs",
  },
  "spawnpoint.runFailedInputsAgain": {
    palette: "inputs",
    "menu of a row: call": "inputs",
  },
  "spawnpoint.editInputs": {
    palette: "inputs",
    "menu of a row: function": "inputs",
  },
  "spawnpoint.cancelCall": {
    palette: "map",
    "button of a row: call": "explorerMenus",
    "menu of a row: call": "explorer",
    "walkthrough: cancel": "citizenship",
  },
  "spawnpoint.terminateCall": {
    palette: "commands",
    "menu of a row: call": "explorer",
  },
  "spawnpoint.showCall": {
    palette: "commands",
    "menu of a row: call": "explorerMenus",
    "walkthrough: panel": "citizenship",
  },
  "spawnpoint.compareCalls": {
    palette: "commands",
  },
  "spawnpoint.selectForCompare": {
    "menu of a row: call": "explorerMenus",
  },
  "spawnpoint.compareWithSelected": {
    "menu of a row: call": "explorerMenus",
  },
  "spawnpoint.followLogs": {
    palette: "logs",
    "menu of a row: app": "explorerMenus",
    "menu of a row: class": "explorerMenus",
    "menu of a row: function": "logs",
    "menu of a row: call": "explorerMenus",
    "menu of a row: container": "explorerMenus",
  },
  "spawnpoint.goToDefinition": {
    palette: "commands",
    "menu of a row: function": "codeLens",
    "menu of a row: class": "explorerMenus",
  },
  "spawnpoint.peekDefinition": {
    palette: "commands",
    "menu of a row: function": "codeLens",
  },
  "spawnpoint.keepWarm": {
    palette: "commands",
    "menu of a row: class": "explorerMenus",
    "menu of a row: function": "explorer",
  },
  "spawnpoint.updateAutoscaler": {
    palette: "commands",
    "menu of a row: class": "explorerMenus",
    "menu of a row: function": "explorer",
  },
  "spawnpoint.stopApp": {
    palette: "commands",
    "menu of a row: app": "explorer",
  },
  "spawnpoint.rollback": {
    palette: "commands",
    "menu of a row: app": "explorerMenus",
    "button of a row: deployment": "explorer",
    "menu of a row: deployment": "explorer",
  },
  "spawnpoint.filter": {
    palette: "explorer",
    "title of the view": "commands",
    "menu of the view": "commands",
  },
  "spawnpoint.clearFilter": {
    palette: "explorer",
    "title of the view": "commands",
  },
  "spawnpoint.arrange": {
    palette: "explorer",
    "menu of the view": "commands",
  },
  "spawnpoint.openModalConfig": {
    palette: "commands",
    "menu of the view": "commands",
  },
  "spawnpoint.selectTarget": {
    palette: "citizenship",
    "menu of the view": "commands",
    "menu of a row: target": "explorerMenus",
    "menu of a row: account": "targets",
    "menu of a row: token": "targets",
    "menu of a row: environment": "targetStates",
    "walkthrough: signIn": "citizenship",
  },
  "spawnpoint.signIn": {
    palette: "targets",
    "menu of the view": "commands",
    "walkthrough: signIn": "citizenship",
  },
  "spawnpoint.signOut": {
    palette: "targets",
    "menu of a row: token": "targets",
  },
  "spawnpoint.refresh": {
    palette: "commands",
    "title of the view": "commands",
    "button of a row: problem": "targetStates",
    "menu of a row: target": SHOWN_BY_ITSELF,
    "menu of a row: account": SHOWN_BY_ITSELF,
    "menu of a row: token": SHOWN_BY_ITSELF,
    "menu of a row: environment": SHOWN_BY_ITSELF,
    "menu of a row: problem": "targets",
  },
  "spawnpoint.openSamples": {
    palette: "commands",
    "menu of the view": "commands",
    welcome: "commands",
    "walkthrough: sample": "citizenship",
  },
  "spawnpoint.selectInterpreter": {
    palette: "commands",
  },
  "spawnpoint.getStarted": {
    palette: "citizenship",
    welcome: "commands",
  },
  "spawnpoint.restartEngine": {
    palette: "commands",
    "menu of the view": "commands",
    "menu of a row: target": "explorerMenus",
    "menu of a row: problem": "targetStates",
  },
  "spawnpoint.showEngineLog": {
    palette: "commands",
    "menu of the view": "commands",
    "menu of a row: target": "explorerMenus",
    "menu of a row: problem": "targetStates",
  },
  "spawnpoint.showOutput": {
    palette: "commands",
    "menu of the view": "commands",
  },
  "spawnpoint.showPythonOutput": {
    palette: "codeLens",
  },
  "spawnpoint.copyId": {
    "menu of a row: app": "explorerMenus",
    "menu of a row: class": "explorerMenus",
    "menu of a row: function": "explorer",
    "menu of a row: call": "explorerMenus",
    "menu of a row: container": "explorerMenus",
  },
  "spawnpoint.openDashboard": {
    "menu of a row: app of an account": "targets",
    "menu of a row: class of an account": "targetStates",
    "menu of a row: function of an account": "targets",
  },
  "spawnpoint.stopContainer": {
    "menu of a row: container": "explorer",
  },
  "spawnpoint.runInputs": {
    "editor/title": "inputs",
  },
  "workbench.trust.manage": {
    welcome: "citizenship",
  },
};
