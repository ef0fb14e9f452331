import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parse, TomlError } from "smol-toml";
import { InvalidError } from "../errors.ts";

/** Environment variables by name, e.g. `process.env`. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Where the configuration comes from. */
export interface ConfigSource {
  /** The configuration file. Default: the one that `MODAL_CONFIG_PATH` names, else `.modal.toml` in the home folder. */
  readonly path?: string | undefined;
  /** Default: the variables of this process. */
  readonly env?: Env | undefined;
}

/** The keys of one profile, as they stand in the file. */
export type ProfileKeys = Readonly<Record<string, unknown>>;

/** The configuration file that Modal's command line writes: a table of keys for each profile. */
export interface ConfigFile {
  readonly path: string;
  /** By name, in the order of the file. */
  readonly profiles: ReadonlyMap<string, ProfileKeys>;
}

/**
 * Reads the configuration file. A file that is not there has no profiles, and inside a Modal container none is read.
 *
 * @throws InvalidError the file cannot be read or is not what it should be: which file, and where in it
 */
export function readConfigFile({ path, env = process.env }: ConfigSource): ConfigFile {
  const filePath = path ?? (env.MODAL_CONFIG_PATH || join(homedir(), ".modal.toml"));
  const text = env.MODAL_IS_REMOTE === "1" ? "" : readText(filePath);
  const profiles = new Map<string, ProfileKeys>();
  for (const [name, keys] of Object.entries(parseToml(text, filePath))) {
    if (!isTable(keys)) {
      const place = placeOf(name, text);
      throw new InvalidError(
        `In ${filePath}${place}, "${name}" stands outside of a profile; put it below a line like [default].`,
      );
    }
    profiles.set(name, keys);
  }
  return { path: filePath, profiles };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return "";
    throw new InvalidError(
      `Cannot read Modal's configuration file ${path}; check that it is a file that you may read.`,
      {
        cause,
      },
    );
  }
}

function parseToml(text: string, path: string): Record<string, unknown> {
  try {
    return parse(text, { unsafeKeyBehaviour: "throw" });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Not kept as the cause: its message quotes the lines around the place, and a token may stand there.
    throw new InvalidError(
      `Modal's configuration file ${path} is not valid TOML at line ${error.line}, column ${error.column}; correct it there.`,
    );
  }
}

function isTable(value: unknown): value is ProfileKeys {
  return Object.prototype.toString.call(value) === "[object Object]";
}

function placeOf(key: string, text: string): string {
  const line = text.split("\n").findIndex((candidate) => candidate.trimStart().startsWith(key));
  return line < 0 ? "" : `, line ${line + 1}`;
}
