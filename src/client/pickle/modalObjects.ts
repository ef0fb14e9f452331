import { damaged } from "./damage.ts";
import type { PersistentLoader } from "./pickleMachine.ts";
import { PythonObject } from "./pythonObject.ts";

/** Modal's classes by the prefix of their ids. */
const CLASS_NAMES: ReadonlyMap<string, string> = new Map([
  ["ap", "App"],
  ["cs", "Cls"],
  ["di", "Dict"],
  ["fc", "FunctionCall"],
  ["fu", "Function"],
  ["im", "Image"],
  ["mo", "Mount"],
  ["pr", "Proxy"],
  ["qu", "Queue"],
  ["sb", "Sandbox"],
  ["sn", "SandboxSnapshot"],
  ["st", "Secret"],
  ["sv", "NetworkFileSystem"],
  ["vo", "Volume"],
]);

const MAX_ID_CHARACTERS = 100;

/**
 * Loads Modal's objects from their persistent ids, the tuples `(object_id, kind of class, metadata)`: function calls by
 * `openCall`, others as a description.
 */
export function modalObjects(openCall: ((functionCallId: string) => unknown) | undefined): PersistentLoader {
  return (identity) => {
    const id: unknown = Array.isArray(identity) ? identity[0] : identity;
    if (typeof id !== "string" || id.length > MAX_ID_CHARACTERS) throw damaged("an object of Modal has no id");
    if (openCall && id.startsWith("fc-")) return openCall(id);
    const name = CLASS_NAMES.get(id.split("-", 1)[0] ?? "") ?? "Object";
    return new PythonObject("modal", name, `<modal.${name} ${id}>`);
  };
}
