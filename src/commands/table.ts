import type { Services } from "./services.ts";

/** A command as the palette shows it and as it is run. */
export interface Command {
  readonly title: string;
  /** A codicon, e.g. `$(play)`. */
  readonly icon?: string;
  /** When it can be run, as a `when` clause. */
  readonly enablement?: string;
  /** False: makes sense on something only, so the palette does not offer it. */
  readonly inPalette?: boolean;
  /** True: stands among the buttons of the view's title, where it is for the whole view. */
  readonly inViewTitle?: boolean;
  /** True: stands as a button on rows of the tree. */
  readonly onRows?: boolean;
  /**
   * @param argument what the command is for: a row of the tree, a CodeLens, or what another extension gives; undefined
   *   from the palette, where the user is asked
   * @returns what `executeCommand` resolves with
   */
  readonly run: (services: Services, argument: unknown) => Promise<unknown>;
}

const TRUSTED = "isWorkspaceTrusted";

/** Whether a command runs code of the workspace, or has it run. */
export function needsTrust({ enablement }: Command): boolean {
  return enablement === TRUSTED;
}

/** Every command of the extension, by id. `package.json` says the same, which a test checks. What a command needs is loaded when it runs. */
export const commandTable = {
  "spawnpoint.deployApp": {
    title: "Deploy App",
    icon: "$(cloud-upload)",
    enablement: TRUSTED,
    run: async (services, argument) => (await import("./deployApp.ts")).deployApp(services, argument),
  },
  "spawnpoint.run": {
    title: "Run",
    icon: "$(play)",
    enablement: TRUSTED,
    onRows: true,
    run: async (services, argument) => (await import("./runFunction.ts")).runFunction(services, argument),
  },
  "spawnpoint.spawn": {
    title: "Spawn",
    icon: "$(rocket)",
    enablement: TRUSTED,
    onRows: true,
    run: async (services, argument) => (await import("./runFunction.ts")).spawnFunction(services, argument),
  },
  "spawnpoint.map": {
    title: "Map",
    icon: "$(layers)",
    enablement: TRUSTED,
    onRows: true,
    run: async (services, argument) => (await import("./mapFunction.ts")).mapFunction(services, argument),
  },
  "spawnpoint.runEntrypoint": {
    title: "Run Local Entrypoint",
    icon: "$(run-all)",
    enablement: TRUSTED,
    run: async (services, argument) => (await import("./runEntrypoint.ts")).runEntrypoint(services, argument),
  },
  "spawnpoint.openWebUrl": {
    title: "Open Web URL",
    icon: "$(link-external)",
    enablement: TRUSTED,
    run: async (services, argument) => (await import("./openWebUrl.ts")).openWebUrl(services, argument),
  },
  "spawnpoint.runInPython": {
    title: "Run in Python",
    icon: "$(terminal)",
    enablement: TRUSTED,
    run: async (services, argument) => (await import("./runInPython.ts")).runInPython(services, argument),
  },
  "spawnpoint.debug": {
    title: "Debug",
    icon: "$(debug-alt)",
    enablement: TRUSTED,
    run: async (services, argument) => (await import("./debugFunction.ts")).debugFunction(services, argument),
  },
  "spawnpoint.runAgain": {
    title: "Run Again",
    icon: "$(debug-rerun)",
    enablement: TRUSTED,
    run: async (services, argument) => (await import("./runAgain.ts")).runAgain(services, argument),
  },
  "spawnpoint.editAndRunAgain": {
    title: "Edit and Run Again",
    icon: "$(edit)",
    enablement: TRUSTED,
    run: async (services, argument) => (await import("./runAgain.ts")).editAndRunAgain(services, argument),
  },
  "spawnpoint.runFailedInputsAgain": {
    title: "Run Failed Inputs Again",
    icon: "$(run-errors)",
    enablement: TRUSTED,
    run: async (services, argument) => (await import("./runAgain.ts")).runFailedInputsAgain(services, argument),
  },
  "spawnpoint.editInputs": {
    title: "Edit Inputs as JSON",
    icon: "$(json)",
    enablement: TRUSTED,
    run: async (services, argument) => (await import("./editInputs.ts")).editInputs(services, argument),
  },
  "spawnpoint.runInputs": {
    title: "Run with These Inputs",
    icon: "$(play)",
    enablement: TRUSTED,
    inPalette: false,
    run: async (services, argument) => (await import("./editInputs.ts")).runInputs(services, argument),
  },
  "spawnpoint.cancelCall": {
    title: "Cancel Call",
    icon: "$(circle-slash)",
    onRows: true,
    run: async (services, argument) => (await import("./cancelCall.ts")).cancelCall(services, argument, false),
  },
  "spawnpoint.terminateCall": {
    title: "Cancel Call and Terminate Containers",
    icon: "$(stop-circle)",
    run: async (services, argument) => (await import("./cancelCall.ts")).cancelCall(services, argument, true),
  },
  "spawnpoint.showCall": {
    title: "Show Call",
    icon: "$(pulse)",
    run: async (services, argument) => (await import("./showCall.ts")).showCall(services, argument),
  },
  "spawnpoint.compareCalls": {
    title: "Compare Calls…",
    icon: "$(diff)",
    run: async (services, argument) => (await import("./compareCalls.ts")).compareCalls(services, argument),
  },
  "spawnpoint.selectForCompare": {
    title: "Select for Compare",
    icon: "$(diff)",
    inPalette: false,
    run: async (services, argument) => (await import("./compareCalls.ts")).selectForCompare(services, argument),
  },
  "spawnpoint.compareWithSelected": {
    title: "Compare with Selected",
    icon: "$(diff)",
    inPalette: false,
    run: async (services, argument) => (await import("./compareCalls.ts")).compareWithSelected(services, argument),
  },
  "spawnpoint.followLogs": {
    title: "Follow Logs",
    icon: "$(output)",
    run: async (services, argument) => (await import("./followLogs.ts")).followLogs(services, argument),
  },
  "spawnpoint.goToDefinition": {
    title: "Go to Definition",
    icon: "$(go-to-file)",
    run: async (services, argument) => (await import("./goToDefinition.ts")).goToDefinition(services, argument),
  },
  "spawnpoint.peekDefinition": {
    title: "Peek Definition",
    icon: "$(eye)",
    run: async (services, argument) => (await import("./goToDefinition.ts")).peekDefinition(services, argument),
  },
  "spawnpoint.copyId": {
    title: "Copy ID",
    icon: "$(copy)",
    inPalette: false,
    run: async (_, argument) => (await import("./copyId.ts")).copyId(argument),
  },
  "spawnpoint.openDashboard": {
    title: "Open in Dashboard",
    icon: "$(link-external)",
    inPalette: false,
    run: async (_, argument) => (await import("./openDashboard.ts")).openDashboard(argument),
  },
  "spawnpoint.keepWarm": {
    title: "Keep Warm…",
    icon: "$(flame)",
    run: async (services, argument) => (await import("./autoscaler.ts")).keepWarm(services, argument),
  },
  "spawnpoint.updateAutoscaler": {
    title: "Update Autoscaler…",
    icon: "$(settings)",
    run: async (services, argument) => (await import("./autoscaler.ts")).updateAutoscaler(services, argument),
  },
  "spawnpoint.stopApp": {
    title: "Stop App",
    icon: "$(debug-stop)",
    run: async (services, argument) => (await import("./appCommands.ts")).stopApp(services, argument),
  },
  "spawnpoint.rollback": {
    title: "Rollback",
    icon: "$(discard)",
    onRows: true,
    run: async (services, argument) => (await import("./appCommands.ts")).rollback(services, argument),
  },
  "spawnpoint.stopContainer": {
    title: "Stop Container",
    icon: "$(debug-stop)",
    inPalette: false,
    run: async (services, argument) => (await import("./stopContainer.ts")).stopContainer(services, argument),
  },
  "spawnpoint.filter": {
    title: "Filter Apps and Functions",
    icon: "$(filter)",
    run: async (services) => (await import("./arrangeExplorer.ts")).filterExplorer(services),
  },
  "spawnpoint.clearFilter": {
    title: "Clear Filter",
    icon: "$(clear-all)",
    enablement: "spawnpoint.filtered",
    run: async ({ explorer }) => explorer.arrange({ filter: "" }),
  },
  "spawnpoint.arrange": {
    title: "Sort and Group",
    icon: "$(list-tree)",
    run: async (services) => (await import("./arrangeExplorer.ts")).arrangeExplorer(services),
  },
  "spawnpoint.openModalConfig": {
    title: "Open Modal Configuration File",
    icon: "$(file-code)",
    run: async (services) => (await import("./openModalConfig.ts")).openModalConfig(services),
  },
  "spawnpoint.selectTarget": {
    title: "Select Target",
    icon: "$(server-environment)",
    inViewTitle: true,
    run: async (services, argument) => (await import("./selectTarget.ts")).selectTarget(services, argument),
  },
  "spawnpoint.signIn": {
    title: "Sign In with a Token",
    icon: "$(key)",
    run: async (services) => (await import("./signIn.ts")).signIn(services),
  },
  "spawnpoint.signOut": {
    title: "Sign Out",
    icon: "$(sign-out)",
    run: async (services, argument) => (await import("./signIn.ts")).signOut(services, argument),
  },
  "spawnpoint.refresh": {
    title: "Refresh",
    icon: "$(refresh)",
    onRows: true,
    inViewTitle: true,
    run: async ({ explorer }, argument) => (await import("./refresh.ts")).refresh(explorer, argument),
  },
  "spawnpoint.openSamples": {
    title: "Open Samples",
    icon: "$(folder-opened)",
    run: async (services) => (await import("./openSamples.ts")).openSamples(services),
  },
  "spawnpoint.selectInterpreter": {
    title: "Select Interpreter",
    icon: "$(symbol-misc)",
    run: async () => (await import("./selectInterpreter.ts")).selectInterpreter(),
  },
  "spawnpoint.getStarted": {
    title: "Get Started",
    icon: "$(book)",
    run: async () => (await import("./getStarted.ts")).getStarted(),
  },
  "spawnpoint.restartEngine": {
    title: "Restart Engine",
    icon: "$(debug-restart)",
    run: async (services) => (await import("./engineCommands.ts")).restartEngine(services),
  },
  "spawnpoint.showEngineLog": {
    title: "Show Engine Log",
    icon: "$(output)",
    run: async (services) => (await import("./engineCommands.ts")).showEngineLog(services),
  },
  "spawnpoint.showOutput": {
    title: "Show Output",
    icon: "$(output)",
    run: async ({ log }) => log.show(),
  },
  "spawnpoint.showPythonOutput": {
    title: "Show Output of Run in Python",
    icon: "$(output)",
    run: async ({ output }) => output.show(),
  },
} as const satisfies Record<string, Command>;
