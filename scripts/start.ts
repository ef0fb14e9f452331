// `npm start`: builds, starts the engine, deploys the samples, calls them, and opens VS Code with the extension.
// Options: --no-editor ends after the calls; --browser serves VS Code to a browser even if this machine has its own;
// --port N is where it is served.
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { resolveInterpreter } from "../src/targets/interpreter.ts";
import { LocalTarget } from "../src/targets/localTarget.ts";
import { NoEngineError } from "../src/targets/targetError.ts";
import { type EditorOptions, hasDesktopEditor, openDesktopEditor, serveEditor } from "./editor.ts";
import { cacheFolder, rootFolder } from "./project.ts";
import { step } from "./step.ts";
import { tour } from "./tour.ts";
import { build, extensionPath, packageExtension } from "./vsix.ts";

const { values: options } = parseArgs({
  options: { browser: { type: "boolean" }, "no-editor": { type: "boolean" }, port: { type: "string" } },
});
const samplesFolder = join(rootFolder, "media", "samples");
const dataFolder = join(cacheFolder, "start", "engine");

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
process.once("SIGTERM", () => stop.abort());

const target = new LocalTarget({ enginePath: join(rootFolder, "dist", "engine.cjs"), dataFolder });
try {
  await step("Building", build);
  await step("Starting the engine", startEngine);
  await step("Deploying the samples", deploySamples);
  await tour(await target.modal(), stop.signal);
  if (!options["no-editor"]) await openEditor();
} catch (error) {
  process.exitCode = stop.signal.aborted ? 130 : 1;
  if (!stop.signal.aborted) console.error(error instanceof Error ? error.message : error);
} finally {
  await endEngine();
  target.close();
}

async function startEngine(): Promise<void> {
  await endEngine(); // One that an earlier `npm start` left behind may run older code.
  await target.engine();
  const { url } = (await target.running()).address;
  console.log(`  It listens at ${url}; its data is in ${dataFolder}.`);
}

async function endEngine(): Promise<void> {
  try {
    const { engine } = await target.running();
    await engine.shutDown();
  } catch (error) {
    if (!(error instanceof NoEngineError)) throw error;
  }
}

async function deploySamples(): Promise<void> {
  const engine = await target.engine();
  const { path: python, version } = await resolveInterpreter({ folder: samplesFolder });
  console.log(`  With Python ${version} (${python})`);
  for await (const file of glob("*.py", { cwd: samplesFolder })) {
    const { apps } = await engine.deploy({ path: join(samplesFolder, file), python, signal: stop.signal });
    for (const app of apps) console.log(`  ${app.name}: ${app.functions.map(({ name }) => name).join(", ")}`);
  }
}

async function openEditor(): Promise<void> {
  const isDesktop = !options.browser && (await hasDesktopEditor());
  const editor: EditorOptions = {
    profileFolder: join(cacheFolder, "start", isDesktop ? "code" : "code-server"),
    workspaceFolder: samplesFolder,
    env: { SPAWNPOINT_HOME: dataFolder },
    signal: stop.signal,
  };
  await step("Packing the extension", () => packageExtension(extensionPath));
  if (isDesktop) await openDesktopEditor(editor);
  else await serveEditor({ ...editor, port: options.port === undefined ? undefined : Number(options.port) });
}
