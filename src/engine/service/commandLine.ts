/** What the commands of Modal's own command line do with the engine as their server. docs/compatibility.md has them as a table. */
export const commandLine: readonly { readonly command: string; readonly what: string }[] = [
  {
    command: "modal deploy",
    what: "As on Modal; the same source again is skipped as unchanged. No image is built: packages that the image asks for and the interpreter lacks are named in a warning. Functions that were sent serialized, or whose module is not mounted below `/root`, are refused.",
  },
  {
    command: "modal run",
    what: "As on Modal, also with `--detach` and with local entrypoints. What is printed comes along.",
  },
  { command: "modal serve", what: "As on Modal: a changed file is the next version of the app that is served." },
  {
    command: "modal app list, history, logs, rollback, stop",
    what: "As on Modal; the history has no commits and tags.",
  },
  { command: "modal container list, stop", what: "Those that run; nothing but functions is executed in them." },
  {
    command: "modal environment list, create, update, delete",
    what: "As on Modal, without roles, budgets and web suffixes. A deployment from the editor, or by `spawnpoint deploy`, makes one that is missing.",
  },
  { command: "modal secret list, create, delete", what: "As on Modal; values stay on this machine." },
  {
    command: "modal volume list, create, rename, delete, ls, put, get, cp, rm",
    what: "As on Modal. A volume is a folder of this machine.",
  },
  { command: "modal dict create, list, get, items, clear, delete", what: "As on Modal." },
  { command: "modal queue create, list, peek, len, clear, delete", what: "As on Modal." },
  { command: "modal token info", what: "Names the user of this machine." },
  {
    command: "modal shell, launch, nfs, sandbox, image",
    what: "Refused: the engine runs functions alone.",
  },
];
