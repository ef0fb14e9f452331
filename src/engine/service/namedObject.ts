import { type ListPagination, ObjectCreationType } from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import { KIND_WORDS, type ObjectContents, type ObjectKind, type ObjectRecord } from "../store/objectStore.ts";
import { environmentNamed, type House } from "./house.ts";
import { userName } from "./workspace.ts";

/** Modal's rule for the names of objects (`py/modal/_utils/name_utils.py`). */
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
  const what = KIND_WORDS[kind];
  const isNamed = !isAnonymous(creationType);
  const environment = isNamed ? environmentNamed(environmentName) : "";
  const existing = isNamed ? store.objects.named(kind, environment, name) : undefined;
  const mustBeNew = creationType === ObjectCreationType.CREATE_FAIL_IF_EXISTS;
  if (existing && mustBeNew) throw alreadyExists(what, name, environment);
  if (existing && creationType !== ObjectCreationType.CREATE_OVERWRITE_IF_EXISTS) return existing;
  if (creationType === ObjectCreationType.UNSPECIFIED) throw noObject(kind, name, environment);
  if (isNamed) checkName(what, name);
  const { objectId, content } = make();
  const made = {
    objectId: existing?.objectId ?? objectId,
    environment,
    name: isNamed ? name : undefined,
    content,
    createdAt: Date.now() / 1_000,
  };
  const kept = await store.database.write(() => {
    const other = isNamed && !existing ? store.objects.named(kind, environment, name) : undefined;
    if (!other) store.objects.put(made);
    return other ?? made; // Who looks one up often comes with others, from containers that start together.
  });
  if (kept !== made && mustBeNew) throw alreadyExists(what, name, environment);
  return kept;
}

/** @throws RpcError NOT_FOUND, ALREADY_EXISTS, or INVALID_ARGUMENT for a name that Modal refuses, and for an object that has none */
export async function renameObject({ store }: House, kind: ObjectKind, objectId: string, name: string): Promise<void> {
  const what = KIND_WORDS[kind];
  checkName(what, name);
  const { environment, name: oldName } = store.objects.found(kind, objectId);
  if (oldName === name) return;
  if (oldName === undefined) throw new RpcError(RpcStatus.INVALID_ARGUMENT, `This ${what} has no name to change.`);
  const isFree = await store.database.write(() => {
    const free = !store.objects.named(kind, environment, name);
    if (free) store.objects.rename(objectId, name);
    return free;
  });
  if (!isFree) throw alreadyExists(what, name, environment);
}

function checkName(what: string, name: string): void {
  if (NAME.test(name)) return;
  throw new RpcError(
    RpcStatus.INVALID_ARGUMENT,
    `"${name}" cannot name a ${what}; write up to 64 letters, digits, dashes, dots and underscores.`,
  );
}

/** Nothing of that kind has that name. */
export function noObject(kind: ObjectKind, name: string, environment: string): RpcError {
  const what = KIND_WORDS[kind];
  return new RpcError(
    RpcStatus.NOT_FOUND,
    `There is no ${what} ${name} in the environment ${environment}; create it, for example with \`modal ${what} create\`.`,
  );
}

function alreadyExists(what: string, name: string, environment: string): RpcError {
  return new RpcError(
    RpcStatus.ALREADY_EXISTS,
    `There is a ${what} ${name} in the environment ${environment} already.`,
  );
}

function isAnonymous(creationType: ObjectCreationType): boolean {
  return creationType === ObjectCreationType.ANONYMOUS_OWNED_BY_APP || creationType === ObjectCreationType.EPHEMERAL;
}

/** A page of the objects of an environment, the newest first. Modal's clients ask for the next one by the time of its last. */
export function objectPage<Kind extends ObjectKind>(
  { store }: House,
  kind: Kind,
  environmentName: string,
  pagination: Pick<ListPagination, "createdBefore" | "maxObjects"> | undefined,
): ObjectRecord<Kind>[] {
  return store.objects.ofEnvironment(kind, environmentNamed(environmentName), {
    before: pagination?.createdBefore || Number.POSITIVE_INFINITY,
    limit: pagination?.maxObjects || -1,
  });
}

/** What a client is told of an object. */
export function objectMetadata({ name = "", createdAt }: ObjectRecord<ObjectKind>) {
  return { name, creationInfo: { createdAt, createdBy: userName() } };
}
