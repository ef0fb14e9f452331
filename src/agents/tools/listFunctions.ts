import * as l10n from "@vscode/l10n";
import { type AgentServices, agentTool } from "../agentTool.ts";
import { placeOfInput, placeProperties } from "../places.ts";

/** One request each. */
const MAX_APPS = 50;
const MAX_FUNCTIONS = 300;

export const listFunctions = agentTool({
  displayName: "List Modal Functions",
  referenceName: "modalFunctions",
  icon: "$(list-tree)",
  userDescription: "List the Modal functions that are deployed",
  modelDescription:
    "Lists the Modal apps that are deployed on a target, with the functions of each, and the targets that there are. " +
    "A target is the engine on this machine (Local), or a Modal account. Use this first to find the names that the other tools need.",
  progress: () => l10n.t("Listing Modal functions"),
  inputSchema: {
    type: "object",
    properties: {
      app: { type: "string", description: "Only this app. Default: all." },
      search: { type: "string", description: "Only functions with this text in their name. Default: all." },
      ...placeProperties,
    },
    required: [],
  },
  run: async (services, { app, search = "", ...where }) => {
    const place = await placeOfInput(services, where);
    const modal = await services.targets.modal(place);
    const deployed = (await modal.apps.list()).filter(
      ({ name, state }) => state === "DEPLOYED" && (app ?? name) === name,
    );
    const lists = deployed.slice(0, MAX_APPS).map(async ({ appId, name }) => {
      const functions = (await modal.apps.layout(appId)).filter((fn) =>
        fn.name.toLowerCase().includes(search.toLowerCase()),
      );
      return functions.map((fn) => `${name}: ${fn.name}${fn.isGenerator ? " (generator)" : ""}`);
    });
    const lines = (await Promise.all(lists)).flat();
    return [
      await targetsInWords(services, place.targetId),
      ...(lines.length > 0 ? ["App: function"] : [noFunctions(app, search)]),
      ...lines.slice(0, MAX_FUNCTIONS),
      ...(lines.length > MAX_FUNCTIONS
        ? [`[${lines.length - MAX_FUNCTIONS} more functions; ask with app or search.]`]
        : []),
      ...(deployed.length > MAX_APPS
        ? [`[${deployed.length - MAX_APPS} more apps were not looked into; ask with app.]`]
        : []),
    ].join("\n");
  },
});

async function targetsInWords({ targets }: AgentServices, targetId: string): Promise<string> {
  await targets.refresh().catch(() => undefined); // Accounts that cannot be read do not stand against the others.
  const { name } = await targets.find(targetId);
  return `Target: ${name}. All targets: ${targets.all.map((target) => target.name).join(", ")}.`;
}

function noFunctions(app: string | undefined, search: string): string {
  if (search !== "" || app !== undefined) return "No deployed function fits; ask without app and search to see all.";
  return "No app is deployed here; ask the user to deploy a Python file with the command Spawnpoint: Deploy App.";
}
