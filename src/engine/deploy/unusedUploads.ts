import type { MountFiles } from "../mounts/mountFiles.ts";
import type { Store } from "../store/store.ts";

/** What came less than a day ago may belong to a version that is not published yet. */
const FRESH_SECONDS = 24 * 60 * 60;

/**
 * Forgets what clients of Modal's made, and uploaded, for versions that no longer run: definitions of functions, objects that only
 * their ids find, and files.
 *
 * @param digests of the versions that may run again
 * @param now unix seconds
 */
export function forgetUnusedUploads(store: Store, mounts: MountFiles, digests: ReadonlySet<string>, now: number): void {
  const { apps, definitions, objects } = store;
  const before = now - FRESH_SECONDS;
  store.database.transaction(() => {
    definitions.deleteOthers(apps.namedDefinitions(digests), before);
    const messages = definitions.messages();
    const named = messages.flatMap(({ mountIds, imageId, secretIds, volumeMounts }) => [
      ...[...mountIds, imageId, ...secretIds],
      ...volumeMounts.map(({ volumeId }) => volumeId),
    ]);
    objects.deleteOthers(new Set(named), before);
  });
  const files = objects.all("mo").flatMap(({ content }) => content.files.map(({ sha256 }) => sha256));
  mounts.prune(apps.namedTrees(digests), new Set(files), before * 1_000);
}
