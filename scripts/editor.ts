import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { runCommand, tryCommand } from "./childProcess.ts";
import { installExtension, startCodeServer, writeSettings } from "./codeServer.ts";
import { installCodeServer } from "./installCodeServer.ts";
import { extensionPath } from "./vsix.ts";

export interface EditorOptions {
  /** Where this VS Code keeps its settings, state and extensions, apart from the user's own. */
  readonly profileFolder: string;
  readonly workspaceFolder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Aborted when the user wants no more. */
  readonly signal: AbortSignal;
}

/** Whether this machine has a VS Code of its own, and a screen to show it on. */
export async function hasDesktopEditor(): Promise<boolean> {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === "linux" && !DISPLAY && !WAYLAND_DISPLAY) return false;
  return tryCommand("code", ["--version"]).then(
    ({ code }) => code === 0,
    () => false,
  );
}

/** Opens the machine's own VS Code with the packed extension, and waits until its window is closed. */
export async function openDesktopEditor(options: EditorOptions): Promise<void> {
  const { profileFolder, workspaceFolder, env, signal } = options;
  const dataFolder = join(profileFolder, "data");
  await writeSettings(dataFolder);
  const profile = ["--user-data-dir", dataFolder, "--extensions-dir", join(profileFolder, "extensions")];
  await runCommand("code", [...profile, "--force", "--install-extension", extensionPath]);
  console.log("▸ VS Code is open. Close its window, or press Ctrl-C here, to end.");
  const editor = spawn("code", [...profile, "--new-window", "--wait", workspaceFolder], {
    env: { ...process.env, ...env },
    stdio: "ignore",
  });
  await Promise.race([once(editor, "exit"), aborted(signal)]);
  editor.kill();
}

/** Serves VS Code to a browser, with the packed extension, until the user wants no more. */
export async function serveEditor(options: EditorOptions & { readonly port: number | undefined }): Promise<void> {
  const { profileFolder, workspaceFolder, env, signal, port } = options;
  await installCodeServer();
  await installExtension(profileFolder, extensionPath);
  const server = await startCodeServer({ profileFolder, workspaceFolder, env, ...(port !== undefined && { port }) });
  console.log(`▸ VS Code is at ${server.url}\n  Press Ctrl-C to end.`);
  await aborted(signal);
  await server.close();
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}
