import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { runCommand } from "./childProcess.ts";
import { codeServerEntry } from "./installCodeServer.ts";

export interface CodeServerOptions {
  /** Where this VS Code keeps its settings, state and extensions. Made when it is not there. */
  readonly profileFolder: string;
  /** The folder to open. */
  readonly workspaceFolder: string;
  /** Default: a free one. */
  readonly port?: number;
  /** User settings, as in settings.json. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment of VS Code and so of its extensions. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A VS Code that is served on loopback, to anyone on this machine. */
export interface CodeServer {
  readonly url: string;
  /** Ends it, with all its extension hosts. */
  close(): Promise<void>;
}

/** Settings that keep a VS Code quiet: no welcome, no trust question, no chat, no motion, no look at the network. */
const quietSettings: Readonly<Record<string, unknown>> = {
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "git.openRepositoryInParentFolders": "never",
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "update.showReleaseNotes": false,
  "workbench.enableExperiments": false,
  "workbench.reduceMotion": "on",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "window.commandCenter": false,
};

/** Installs an extension from a .vsix file into a profile. */
export async function installExtension(profileFolder: string, vsix: string): Promise<void> {
  await writeConfig(profileFolder);
  const args = [codeServerEntry, ...profileOptions(profileFolder), "--install-extension", vsix];
  await runCommand(process.execPath, args, { env: profileEnvironment(profileFolder) });
}

/** Writes the user settings of a VS Code that has none yet; what its user changed stays. */
export async function writeSettings(
  dataFolder: string,
  settings: Readonly<Record<string, unknown>> = quietSettings,
): Promise<void> {
  const path = join(dataFolder, "User", "settings.json");
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(settings, undefined, 2), { flag: "wx" }).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  });
}

/** @throws Error it ended before it listened; the message holds what it said */
export async function startCodeServer(options: CodeServerOptions): Promise<CodeServer> {
  const { profileFolder, workspaceFolder } = options;
  const port = options.port ?? (await freePort());
  await writeConfig(profileFolder);
  await writeSettings(join(profileFolder, "data"), { ...quietSettings, ...options.settings });
  // VS Code leaves its sockets behind. A path below the profile would be too long for one.
  const sockets = await mkdtemp(join(tmpdir(), "spawnpoint-"));
  const server = spawn(
    process.execPath,
    [
      codeServerEntry,
      ...profileOptions(profileFolder),
      ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`],
      ...["--disable-telemetry", "--disable-update-check"],
      ...(options.settings?.["security.workspace.trust.enabled"] === true ? [] : ["--disable-workspace-trust"]),
      ...["--disable-getting-started-override", "--ignore-last-opened"],
    ],
    {
      env: { ...process.env, ...profileEnvironment(profileFolder), XDG_RUNTIME_DIR: sockets, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // In a group of its own, for it starts processes that would outlive it.
    },
  );
  const endNow = () => endGroup(server);
  process.once("exit", endNow);
  server.once("exit", () => process.off("exit", endNow));
  await listening(server);
  return {
    url: `http://127.0.0.1:${port}/?folder=${encodeURIComponent(workspaceFolder)}`,
    close: async () => {
      await end(server);
      await rm(sockets, { recursive: true, force: true });
    },
  };
}

function profileOptions(profileFolder: string): string[] {
  return [
    ...["--user-data-dir", join(profileFolder, "data")],
    ...["--extensions-dir", join(profileFolder, "extensions")],
    ...["--config", join(profileFolder, "code-server.yaml")],
  ];
}

/** Keeps logs and the like of code-server itself out of the user's home. */
function profileEnvironment(profileFolder: string): Record<string, string> {
  return { XDG_DATA_HOME: join(profileFolder, "share") };
}

/** Without a file of its own, code-server writes one into the user's home. */
async function writeConfig(profileFolder: string): Promise<void> {
  await mkdir(profileFolder, { recursive: true });
  await writeFile(join(profileFolder, "code-server.yaml"), "auth: none\n");
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return address.port;
}

function listening(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    for (const stream of [server.stdout, server.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on("line", (line) => {
        said.push(line);
        if (line.includes("HTTP server listening")) resolve();
      });
    }
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`code-server ended before it listened:\n${said.join("\n")}`)));
  });
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, "exit");
  endGroup(server);
  await ended;
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // All of it has ended.
  }
}
