import { readProfiles } from "../../client/index.ts";
import { jsonText } from "../json.ts";
import { columns } from "../render.ts";
import type { Session } from "../session.ts";

/** `spawnpoint profiles`: lists the profiles of Modal's configuration file, which `--profile` takes. No secret is shown. */
export async function profiles({ output }: Session, { json = false }: { readonly json?: boolean }): Promise<void> {
  const known = readProfiles();
  if (json) return output.line(jsonText(known));
  if (known.length === 0) return output.note('There is no Modal profile; "modal token new" makes one.');
  const rows = known.map(({ name, isActive, url, environmentName, hasToken }) => [
    isActive ? `* ${name}` : `  ${name}`,
    url,
    environmentName ?? "",
    hasToken ? "" : "no token",
  ]);
  await output.line(columns([["  profile", "server", "environment", ""], ...rows]).join("\n"));
}
