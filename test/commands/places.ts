import { lensCommands } from "../../src/editor/lensCommands.ts";
import { readManifest } from "../extension/manifest.ts";

interface MenuRow {
  /** Undefined of a row that opens a submenu. */
  readonly command?: string;
  readonly when?: string;
  readonly group?: string;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly MenuRow[]>>;
    readonly viewsWelcome: readonly { readonly contents: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly id: string; readonly description: string }[];
    }[];
  };
}

/** The rows of the explorer by the `contextValue` that they have; one of an account only where it differs from the engine's. */
const ROWS = {
  target: "target.running",
  account: "account.running",
  token: "token.running",
  environment: "environment",
  app: "app.deployed",
  "app of an account": "app.deployed.cloud",
  class: "class",
  "class of an account": "class.cloud",
  function: "function",
  "web endpoint": "function.web",
  "function of an account": "function.cloud",
  call: "call.running",
  container: "container",
  deployment: "deployment.rollback",
  problem: "problem",
} as const;

/** What a row has is not asked again of those that have the same and more. */
const LIKE: Readonly<Record<string, string>> = {
  "app of an account": "app",
  "class of an account": "class",
  "web endpoint": "function",
  "function of an account": "function",
};

/** Where users find each command: in the palette, in menus, above functions, in welcome texts and in the walkthrough. */
export function placesByCommand(): Map<string, string[]> {
  const { commands, menus, viewsWelcome, walkthroughs } = readManifest<Manifest>().contributes;
  const hidden = (menus.commandPalette ?? []).flatMap(({ when, command }) => (when === "false" ? [command] : []));
  const found = new Map<string, string[]>();
  const add = (command: string, place: string) => {
    const places = found.get(command) ?? [];
    if (!places.includes(place)) places.push(place);
    found.set(command, places);
  };
  for (const { command } of commands) if (!hidden.includes(command)) add(command, "palette");
  for (const [menu, rows] of Object.entries(menus)) {
    for (const row of rows) {
      if (row.command === undefined) continue;
      for (const place of menuPlaces(menu, row)) add(row.command, place);
    }
  }
  for (const { kind, command } of lenses()) add(command, `lens of a ${kind}`);
  for (const { contents } of viewsWelcome) for (const command of commandsIn(contents)) add(command, "welcome");
  for (const { id, description } of walkthroughs.flatMap(({ steps }) => steps)) {
    for (const command of commandsIn(description)) add(command, `walkthrough: ${id}`);
  }
  return found;
}

function menuPlaces(menu: string, { when = "", group = "" }: MenuRow): string[] {
  if (menu === "commandPalette") return [];
  if (menu === "view/title") return [group.startsWith("navigation") ? "title of the view" : "menu of the view"];
  if (menu === "spawnpoint.editor") return ["menu of the editor"];
  if (menu !== "view/item/context") return [menu];
  const shown = Object.entries(ROWS).filter(([, contextValue]) => isShown(when, contextValue));
  const rows = shown.map(([row]) => row).filter((row) => !shown.some(([other]) => other === LIKE[row]));
  return rows.map((row) => `${group.startsWith("inline") ? "button" : "menu"} of a row: ${row}`);
}

/** As VS Code would say of a row with this `viewItem`. */
function isShown(when: string, contextValue: string): boolean {
  const [, operator, operand = ""] = /viewItem (==|=~) (.+)$/.exec(when) ?? [];
  if (operator === undefined) throw new Error(`The clause is not understood: ${when}`);
  return operator === "==" ? operand === contextValue : new RegExp(operand.slice(1, -1)).test(contextValue);
}

/** What stands above functions, by their kind. */
export function lenses() {
  return (["function", "webEndpoint", "localEntrypoint"] as const).flatMap((kind) => {
    const names = { appName: "shop", functionName: "square", qualifiedName: "square" };
    const offsets = { from: 0, nameFrom: 0, signatureTo: 0, to: 0 };
    const declaration = { ...names, ...offsets, kind, isGenerator: false, parameters: [], classParameters: [] };
    return lensCommands("/shop.py", declaration).map(({ command, title }) => ({ kind, command, title }));
  });
}

/** The commands that links and buttons in a text run. */
export function commandsIn(markdown: string): string[] {
  return [...markdown.matchAll(/\(command:([^)]+)\)/g)].map(([, id = ""]) => id);
}
