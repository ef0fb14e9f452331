import { join, resolve } from "node:path";

/** The checkout. */
export const rootFolder = resolve(import.meta.dirname, "..");

/** What set-up and tests leave behind; deleting it costs nothing but time. */
export const cacheFolder = join(rootFolder, ".cache");
