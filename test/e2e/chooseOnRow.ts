import type { Locator } from "playwright-core";
import type { Workbench } from "./workbench.ts";

/**
 * Chooses a command that stands on rows as a button, until it has begun: on a row that VS Code is just drawing it acts on nothing, and
 * says so.
 */
export async function chooseOnRow(workbench: Workbench, choose: () => Promise<void>, begun: Locator): Promise<void> {
  const notKnown = workbench.notification("choose the command on it once more");
  for (;;) {
    await choose();
    await begun.or(notKnown).first().waitFor();
    if (!(await notKnown.isVisible())) return;
    await workbench.clearNotifications();
  }
}
