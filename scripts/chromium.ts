import { access } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, chromium as playwright } from "playwright-core";
import { runCommand } from "./childProcess.ts";
import { cacheFolder } from "./project.ts";
import { step } from "./step.ts";

/** No network but the page's own, no first-run pages, and no sandbox: containers often run as root. */
const options: string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const usualPlaces: readonly string[] = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * Starts a Chromium without a window, for tests.
 *
 * @throws Error there is none; the message says what to install
 */
export async function launchChromium(): Promise<Browser> {
  // Else it keeps crash reports in the user's home, whatever its profile folder is.
  const env = { ...process.env, XDG_CONFIG_HOME: join(cacheFolder, "chromium") };
  return playwright.launch({ executablePath: await chromium(), args: options, env });
}

/**
 * The path of a Chromium: the one that CHROMIUM_PATH names, or one in a usual place. On Debian, as root, a missing one is
 * installed.
 *
 * @throws Error there is none; the message says what to install
 */
export async function chromium(): Promise<string> {
  const found = await findChromium();
  if (found) return found;
  if (process.getuid?.() === 0 && (await canRead("/etc/debian_version"))) {
    await step("Installing Chromium (apt-get)", async () => {
      const env = { DEBIAN_FRONTEND: "noninteractive" };
      await runCommand("apt-get", ["update"], { env });
      await runCommand("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], { env });
    });
    const installed = await findChromium();
    if (installed) return installed;
  }
  throw new Error("There is no Chromium here: install Chromium or Google Chrome, or let CHROMIUM_PATH name one.");
}

async function findChromium(): Promise<string | undefined> {
  const { CHROMIUM_PATH } = process.env;
  for (const path of CHROMIUM_PATH ? [CHROMIUM_PATH] : usualPlaces) if (await canRead(path)) return path;
  return undefined;
}

async function canRead(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
