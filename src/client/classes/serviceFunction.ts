import { create, toBinary } from "@bufbuild/protobuf";
import {
  FunctionBindParamsRequestSchema,
  type FunctionBindParamsResponse,
  ClassParameterInfo_ParameterSerializationFormat as ParameterFormat,
} from "../../proto/gen/modal_pb.js";
import type { ModalRpc } from "../connection/connection.ts";
import { NotFoundError } from "../errors.ts";
import { type FunctionHandle, type FunctionName, originByName } from "../functions/functionHandle.ts";
import { FunctionLookup } from "../functions/functionLookup.ts";
import type { OptionsMessage } from "../functions/functionOptions.ts";
import { pickleArguments } from "../pickle/pickleWriter.ts";
import { type ClassParameters, encodeParameters } from "./classParameters.ts";

/** As many as Modal's Python client remembers of one class. */
const MAX_REMEMBERED = 32;

/** The one function that runs all methods of a class, and the functions that it becomes with parameters and options. */
export class ServiceFunction {
  readonly className: string;
  readonly #rpc: ModalRpc;
  readonly #environmentName: string;
  readonly #lookup: FunctionLookup;
  /** By request; the one that was used longest ago first. */
  readonly #bound = new Map<string, Promise<FunctionHandle>>();

  /** @param source `name` is the class's */
  constructor(rpc: ModalRpc, source: FunctionName) {
    this.className = source.name;
    this.#rpc = rpc;
    this.#environmentName = source.environmentName;
    this.#lookup = new FunctionLookup({
      ...originByName(rpc, { ...source, name: `${source.name}.*` }, `class "${source.name}"`),
      name: source.name,
    });
  }

  get appName(): string {
    return this.#lookup.appName;
  }

  /** @throws InvalidError before the lookup */
  get hydrated(): FunctionHandle {
    return this.#lookup.hydrated;
  }

  /** @throws NotFoundError when there is no such app or class */
  handle(): Promise<FunctionHandle> {
    return this.#lookup.handle();
  }

  /**
   * The function of one instance: the class's own where nothing was asked for, else one that is bound (`FunctionBindParams`).
   *
   * @throws InvalidError for parameters that the class does not take
   */
  async instance(parameters: ClassParameters, options: OptionsMessage): Promise<FunctionHandle> {
    const base = await this.handle();
    const { format, schema = [] } = base.metadata.classParameterInfo ?? {};
    const isTyped = format === ParameterFormat.PARAM_SERIALIZATION_FORMAT_PROTO;
    const hasOptions = Object.keys(options).length > 0;
    if (!isTyped && !hasOptions && Object.keys(parameters).length === 0) return base;
    const serializedParams = isTyped
      ? encodeParameters(this.className, schema, parameters)
      : pickleArguments([], parameters);
    return this.#bind(base.functionId, serializedParams, hasOptions ? options : undefined);
  }

  #bind(functionId: string, serializedParams: Uint8Array, options: OptionsMessage | undefined) {
    const request = create(FunctionBindParamsRequestSchema, {
      functionId,
      serializedParams,
      environmentName: this.#environmentName,
      ...(options && { functionOptions: options }),
    });
    const key = Buffer.from(toBinary(FunctionBindParamsRequestSchema, request)).toString("base64");
    const bound = this.#bound.get(key) ?? this.#rpc.functionBindParams(request).then(handleOf);
    this.#bound.delete(key);
    this.#bound.set(key, bound);
    bound.catch(() => this.#bound.delete(key));
    for (const [oldest] of this.#bound) if (this.#bound.size > MAX_REMEMBERED) this.#bound.delete(oldest);
    return bound;
  }
}

function handleOf({ boundFunctionId, handleMetadata }: FunctionBindParamsResponse): FunctionHandle {
  if (handleMetadata) return { functionId: boundFunctionId, metadata: handleMetadata };
  throw new NotFoundError("The server bound the parameters, but told nothing of the class's methods; deploy it again.");
}
