import { type Setting, settingTable } from "../src/settings/table.ts";

const INTRODUCTION = `# Settings

Open them with *Preferences: Open Settings* and search for \`spawnpoint\`, or write them into \`settings.json\`. This page is made from the table in
\`src/settings/table.ts\` by \`npm run docs\`; the same table is checked against what VS Code is told.`;

const SCOPES: Readonly<Record<Setting["scope"], string>> = {
  application: "you, for all windows",
  machine: "you, for this machine; no workspace can set it",
  "machine-overridable": "you, for this machine, or a workspace that is trusted",
  window: "you, or a workspace",
  resource: "you, a workspace, or a folder of it",
  "language-overridable": "you, a workspace, or a folder of it, also for one language",
};

const ENDING = `## Variables of the environment

| Variable | What it says |
|---|---|
| \`SPAWNPOINT_HOME\` | The data folder of the local engine, for window and command line alike, unless a setting or \`--data\` names one |
| \`SPAWNPOINT_PYTHON\` | The Python interpreter for the command line, unless \`--python\` names one |
| \`MODAL_PROFILE\`, \`MODAL_ENVIRONMENT\` | The profile and the environment of Modal that are taken when none is named |
| \`MODAL_TOKEN_ID\`, \`MODAL_TOKEN_SECRET\` | An account beside those of \`~/.modal.toml\`, as Modal's own client takes it |
| \`MODAL_SERVER_URL\` | The server of that account; Modal's cloud without it |
| \`MODAL_CONFIG_PATH\` | The configuration file to read instead of \`~/.modal.toml\` |

[engine.md](engine.md) says what the engine's limits do, and [troubleshooting.md](troubleshooting.md) how to find the interpreter that is used.`;

/** Makes docs/settings.md. */
export async function settingsPage(): Promise<string> {
  const sections = Object.entries<Setting>(settingTable).map(([name, setting]) => {
    const rows = [
      `| Type | ${[setting.type].flat().join(" or ")}${rangeText(setting)} |`,
      ...choiceRows(setting),
      `| Default | ${setting.default === "" ? "empty" : `\`${JSON.stringify(setting.default)}\``} |`,
      `| Who may set it | ${SCOPES[setting.scope]} |`,
    ];
    return `## ${name}\n\n${setting.markdownDescription}\n\n| | |\n|---|---|\n${rows.join("\n")}`;
  });
  return `${[INTRODUCTION, ...sections, ENDING].join("\n\n")}\n`;
}

function choiceRows({ enum: choices = [], markdownEnumDescriptions: meanings = [] }: Setting): string[] {
  return choices.map((choice, index) => `| \`${JSON.stringify(choice)}\` | ${meanings[index]} |`);
}

function rangeText({ minimum, maximum }: Setting): string {
  return minimum === undefined || maximum === undefined ? "" : `, from ${minimum} to ${maximum.toLocaleString("en")}`;
}
