import { DeploymentType } from "../../../proto/gen/modal_pb.js";
import type { House, ModalHandlers } from "../house.ts";
import { userName } from "../workspace.ts";
import { theApp } from "./apps.ts";

/** The handlers of an app's versions. */
export function appVersionHandlers(house: House): ModalHandlers<"appDeploymentHistory" | "appRollback"> {
  const { store, scheduler, deployments } = house;
  return {
    appDeploymentHistory: ({ appId }) => {
      const app = theApp(house, appId);
      const history = store.apps.history(appId).map(({ version, deployedAt, rollbackOf, digest }) => ({
        appId,
        version,
        deployedAt,
        deployedBy: userName(),
        deploymentType: rollbackOf === undefined ? DeploymentType.STANDARD : DeploymentType.ROLLBACK,
        rollbackVersion: rollbackOf ?? 0,
        rollbackAllowed: version !== app.version && deployments.mayRollBack(app, digest),
      }));
      return { appDeploymentHistories: history, productionAppVersion: app.version };
    },

    appRollback: async ({ appId, version }) => {
      const app = deployments.rollBack(theApp(house, appId), version);
      await house.web.appDeployed(app);
      scheduler.appDeployed(app);
      return { deployedAt: app.deployedAt };
    },
  };
}
