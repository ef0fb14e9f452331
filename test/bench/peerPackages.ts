import { access } from "node:fs/promises";
import { join } from "node:path";
import { runCommand, tryCommand } from "../../scripts/childProcess.ts";
import { cacheFolder } from "../../scripts/project.ts";
import { step } from "../../scripts/step.ts";

const ENVIRONMENT = join(cacheFolder, "bench-peers");
const DEBIAN_PYTHON = "/usr/bin/python3";

/**
 * A Python that has Celery, its Redis client and Dask distributed, where Redis itself is there, too. What is missing is installed: by pip into
 * a virtual environment in `.cache/`, or, on Debian as root, from its packages.
 *
 * @throws Error when they cannot be had; the message says what to install
 */
export async function peersPython(): Promise<string> {
  const found = await findPeers();
  if (found) return found;
  await step("Installing Celery, Dask and Redis to measure beside them", async () => {
    await installFromPyPi();
    if (!(await findPeers())) await installFromDebian();
  });
  const installed = await findPeers();
  if (installed) return installed;
  throw new Error(
    "The peers are not here and could not be installed: install redis-server, and the Python packages celery, redis and distributed for python3.",
  );
}

async function findPeers(): Promise<string | undefined> {
  if (!(await succeeds("redis-server", "--version"))) return undefined;
  for (const python of [join(ENVIRONMENT, "bin", "python"), "python3", DEBIAN_PYTHON]) {
    if (await succeeds(python, "-c", "import celery, redis, distributed")) return python;
  }
  return undefined;
}

async function installFromPyPi(): Promise<void> {
  if (!(await succeeds("python3", "-m", "venv", ENVIRONMENT))) return;
  await succeeds(join(ENVIRONMENT, "bin", "python"), "-m", "pip", "install", "celery[redis]", "dask[distributed]");
}

async function installFromDebian(): Promise<void> {
  const isDebian = await access("/etc/debian_version").then(
    () => true,
    () => false,
  );
  if (process.getuid?.() !== 0 || !isDebian) return;
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await runCommand("apt-get", ["update"], { env });
  const packages = ["python3-celery", "python3-redis", "python3-distributed", "redis-server"];
  await runCommand("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { env });
}

async function succeeds(command: string, ...args: string[]): Promise<boolean> {
  return tryCommand(command, args).then(
    ({ code }) => code === 0,
    () => false,
  );
}
