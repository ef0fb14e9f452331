import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/**
 * The user's own file of which one among mounts is a copy, where it still is the same; otherwise the copy.
 *
 * @param root the folder of the mounts that stands for `/root`
 * @param deployedPath the file that was deployed
 */
export function ownFile(copy: string, root: string, deployedPath: string): string {
  const own = join(importRoot(deployedPath), relative(root, copy));
  return haveSameContent(own, copy) ? own : copy;
}

/** Where imports of a file's own modules begin: the nearest folder that is not a package. */
function importRoot(path: string): string {
  let folder = dirname(path);
  while (existsSync(join(folder, "__init__.py")) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

function haveSameContent(one: string, other: string): boolean {
  try {
    return statSync(one).size === statSync(other).size && readFileSync(one).equals(readFileSync(other));
  } catch {
    return false; // One of them is not there.
  }
}
