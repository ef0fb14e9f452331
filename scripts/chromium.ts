import { access } from "node:fs/promises";
import { runCommand } from "./childProcess.ts";
import { step } from "./step.ts";

/** No network but the page's own, no first-run pages, and no sandbox: containers often run as root. */
export const chromiumOptions: readonly string[] = [
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
