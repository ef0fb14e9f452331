import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { type PythonFolders, pythonEnvironment } from "../workers/pythonEnvironment.ts";

const TIMEOUT_MS = 30_000;

/** Looks for the package without importing it, which would take a second. */
const PROGRAM = `import importlib.util, os
spec = importlib.util.find_spec("modal")
folders = spec.submodule_search_locations if spec else None
print(any(os.path.exists(os.path.join(folder, "_container_entrypoint.py")) for folder in folders or []))`;

/** Whether an interpreter has Modal's own package, and with it the container runtime. */
export async function hasModalRuntime(python: string, folders: PythonFolders): Promise<boolean> {
  // Not where the engine was started: Python would look there first.
  const options = { cwd: tmpdir(), env: pythonEnvironment(folders), timeout: TIMEOUT_MS, windowsHide: true };
  try {
    const { stdout } = await promisify(execFile)(python, ["-c", PROGRAM], options);
    return stdout.trim() === "True";
  } catch {
    return false; // The interpreter does not start: whatever is deployed says so.
  }
}
