import type { DeployedAlone, DeployedVersion } from "../../deploy/deployments.ts";
import { deployByModal } from "../../deploy/modalDeploy.ts";
import type { ModalPackage } from "../../deploy/modalPackages.ts";
import type { House } from "../house.ts";

export const DEFAULT_PYTHON = "python3";

interface FileToDeploy {
  readonly path: string;
  readonly python: string;
  readonly environment: string;
}

/** What came of a file. */
interface DeployedFile {
  readonly versions: readonly DeployedVersion[];
  /** What was printed meanwhile, as far as anybody wants it. */
  readonly output: string;
}

/**
 * Deploys a file for the engine's own worker, and puts its apps in the place of their last versions.
 *
 * @param file.alone which app of it; left out: every one
 */
export async function deployFile(
  { deployments, web, scheduler }: House,
  { path, python, environment, alone }: FileToDeploy & { readonly alone?: DeployedAlone },
): Promise<DeployedFile> {
  const versions = await deployments.deploy(path, python, environment, alone);
  for (const { app, unchanged } of versions) {
    if (unchanged) continue;
    await web.appDeployed(app);
    scheduler.appDeployed(app);
  }
  return { versions, output: "" };
}

/** The same by Modal's own package, which asks for each step, and for its runtime. */
export async function deployFileByModal(
  { clients, pythonFolders, url }: House,
  file: FileToDeploy & { readonly package: ModalPackage },
  signal: AbortSignal,
): Promise<DeployedFile> {
  const client = clients.begin(file);
  try {
    const output = await deployByModal({ ...file, ...client, url: url() }, pythonFolders, signal);
    return { versions: client.published, output };
  } finally {
    clients.end(client);
  }
}
