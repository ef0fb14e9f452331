import { ObjectCreationType } from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { ObjectContents, ObjectKind, ObjectRecord } from "../store/objectStore.ts";
import { environmentNamed, type House } from "./house.ts";

/** As users know it. */
const WORDS: Readonly<Record<ObjectKind, string>> = { mo: "mount", im: "image", st: "secret", vo: "volume" };

/** Modal's rule for the names of objects (protocol 1.2). */
const NAME = /^[a-zA-Z0-9-_.]{1,64}$/;

interface Wanted<Kind extends ObjectKind> {
  readonly kind: Kind;
  readonly environmentName: string;
  /** Empty for one that only its id finds. */
  readonly name: string;
  readonly creationType: ObjectCreationType;
  /** What is kept when there is none of that name. */
  make(): { readonly objectId: string; readonly content: ObjectContents[Kind] };
}

/**
 * The object that a client looks up or makes: every `…GetOrCreate` of Modal's means the same by its creation type.
 *
 * @throws RpcError NOT_FOUND, ALREADY_EXISTS, or INVALID_ARGUMENT for a name that Modal refuses
 */
export async function namedObject<Kind extends ObjectKind>(
  { store }: House,
  { kind, environmentName, name, creationType, make }: Wanted<Kind>,
): Promise<ObjectRecord<Kind>> {
  const what = WORDS[kind];
  const isNamed = !isAnonymous(creationType);
  const environment = isNamed ? environmentNamed(environmentName) : "";
  const existing = isNamed ? store.objects.named(kind, environment, name) : undefined;
  if (existing && creationType === ObjectCreationType.CREATE_FAIL_IF_EXISTS) {
    throw new RpcError(
      RpcStatus.ALREADY_EXISTS,
      `There is a ${what} ${name} in the environment ${environment} already.`,
    );
  }
  if (existing && creationType !== ObjectCreationType.CREATE_OVERWRITE_IF_EXISTS) return existing;
  if (creationType === ObjectCreationType.UNSPECIFIED) {
    throw new RpcError(
      RpcStatus.NOT_FOUND,
      `There is no ${what} ${name} in the environment ${environment}; create it, for example with \`modal ${what} create\`.`,
    );
  }
  if (isNamed && !NAME.test(name)) {
    throw new RpcError(
      RpcStatus.INVALID_ARGUMENT,
      `"${name}" cannot name a ${what}; write up to 64 letters, digits, dashes, dots and underscores.`,
    );
  }
  const { objectId, content } = make();
  const made = {
    objectId: existing?.objectId ?? objectId,
    environment,
    name: isNamed ? name : undefined,
    content,
    createdAt: Date.now() / 1_000,
  };
  await store.database.write(() => store.objects.put(made));
  return made;
}

function isAnonymous(creationType: ObjectCreationType): boolean {
  return creationType === ObjectCreationType.ANONYMOUS_OWNED_BY_APP || creationType === ObjectCreationType.EPHEMERAL;
}
