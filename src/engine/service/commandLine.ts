/** What the commands of Modal's own command line do with the engine as their server. docs/compatibility.md has them as a table. */
export const commandLine: readonly { readonly command: string; readonly what: string }[] = [
  {
    command: "modal deploy",
    what: "As on Modal; the same source again is skipped as unchanged. No image is built: packages that the image asks for and the interpreter lacks are named in a warning. Functions for clusters are refused, and, where Modal's runtime does not run them, those that were sent serialized or whose module is not mounted below `/root`.",
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
  { command: "modal app rollover", what: "Refused: a deployment takes over at once; deploy again for new containers." },
  {
    command: "modal dashboard, modal app dashboard",
    what: "The first is refused, and the second names a page of Modal's, which does not know the engine's apps: they are in VS Code, in the view Spawnpoint.",
  },
  {
    command: "modal container list, logs, stop",
    what: "Those that run, and logs of those that have ended as long as the engine runs.",
  },
  { command: "modal container exec, modal shell", what: "Refused: nothing but functions runs in a container." },
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
    command: "modal setup, modal token new",
    what: "Refused: the engine makes its token itself, and tells it when it starts.",
  },
  {
    command: "modal config, profile, modal token set, modal skills, changelog, curl",
    what: "As on Modal: they ask no server of the engine's.",
  },
  { command: "modal billing, workspace", what: "Refused: nothing is billed, and the engine has one user." },
  { command: "modal bootstrap", what: "Refused: the samples come with the extension." },
  { command: "modal image", what: "Refused: no image is built, and none has a name or a log." },
  {
    command: "modal cluster, endpoint, launch, nfs",
    what: "Refused: the engine runs functions, one container at a time, on files of this machine.",
  },
];
