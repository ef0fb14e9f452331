import type { DeployedAlone, DeployedVersion } from "../deploy/deployments.ts";
import type { House } from "./house.ts";

export const DEFAULT_PYTHON = "python3";

interface DeployedFile {
  readonly path: string;
  /** Empty: the default. */
  readonly python: string;
  readonly environment: string;
  /** Left out: every app of the file. */
  readonly alone?: DeployedAlone;
}

/** Deploys a file, and puts its apps in the place of their last versions. */
export async function deployFile(
  { deployments, web, scheduler }: House,
  { path, python, environment, alone }: DeployedFile,
): Promise<DeployedVersion[]> {
  const versions = await deployments.deploy(path, python || DEFAULT_PYTHON, environment, alone);
  for (const { app, unchanged } of versions) {
    if (unchanged) continue;
    await web.appDeployed(app);
    scheduler.appDeployed(app);
  }
  return versions;
}
