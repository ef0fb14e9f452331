// `npm run package`: the extension as a .vsix file, for `code --install-extension` or a marketplace.
import { join } from "node:path";
import { rootFolder } from "./project.ts";
import { step } from "./step.ts";
import { build, packageExtension } from "./vsix.ts";

await step("Building", build);
const path = join(rootFolder, "spawnpoint.vsix");
await step(`Packing ${path}`, () => packageExtension(path));
