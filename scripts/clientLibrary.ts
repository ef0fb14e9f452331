import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";
import { rootFolder } from "./project.ts";

/** Everything that users of the library see stands in this file. */
export const clientEntry = join(rootFolder, "src", "client", "index.ts");

/**
 * Completes `client.cjs` to a library for both kinds of modules. The ES module hands on what the CommonJS one exports, in code
 * and in types, so that a process that loads both has each class only once.
 *
 * @param folder where `client.cjs` is
 */
export async function writeClientLibrary(folder: string): Promise<void> {
  const exportAll = 'export * from "./client.cjs";\n';
  await writeFile(join(folder, "client.mjs"), exportAll);
  await writeFile(join(folder, "client.d.mts"), exportAll);
  const module: object = createRequire(import.meta.url)(join(folder, "client.cjs"));
  const path = join(folder, "client.d.cts");
  await bundleTypes(path);
  await writeFile(path, withTypeOnlyExports(await readFile(path, "utf8"), Object.keys(module)));
}

/** @throws Error the types name a package, which users would have to install */
async function bundleTypes(path: string): Promise<void> {
  const bundle = await rollup({
    input: clientEntry,
    plugins: [dts({ compilerOptions: { stripInternal: true } })],
    onLog: () => {}, // What matters of it is checked below.
  });
  const { output } = await bundle.write({ file: path, format: "es" });
  await bundle.close();
  const packages = output.flatMap((chunk) => (chunk.type === "chunk" ? chunk.imports : []));
  if (packages.length === 0) return;
  throw new Error(
    `The client's types need ${packages.join(", ")}; mark what only the client itself may use with @internal (see ${path}).`,
  );
}

/** Classes that only the client itself makes are exported as types; in the bundler's list they stand among the values. */
function withTypeOnlyExports(types: string, values: readonly string[]): string {
  return types.replace(/^export \{ (.+) \};$/m, (_line, list: string) => {
    const names = list.split(", ");
    const typeOnly = names.filter((name) => !values.includes(name));
    return [
      `export { ${names.filter((name) => values.includes(name)).join(", ")} };`,
      `export type { ${typeOnly.join(", ")} };`,
    ].join("\n");
  });
}
