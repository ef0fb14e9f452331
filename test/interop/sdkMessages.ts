import { registerHooks } from "node:module";

/** A codec of the SDK, as ts-proto makes them. */
export interface SdkMessage {
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
  toJSON(message: object): Record<string, unknown>;
  fromPartial(init: object): object;
}

/** A method of Modal's service as the SDK knows it. */
export interface SdkMethod {
  readonly name: string;
  readonly requestType: SdkMessage;
  readonly responseType: SdkMessage;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

const SDK_URL = import.meta.resolve("modal");
const WITH_DEFINITION = `${SDK_URL}?definition`;

/**
 * Modal's service by the message definitions of its JavaScript SDK, which has them in its bundle without exporting them: the
 * bundle is loaded a second time, with one more line. Keys are the names of RPCs, e.g. `FunctionMap`.
 */
export async function sdkMethods(): Promise<ReadonlyMap<string, SdkMethod>> {
  const hooks = registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (url !== WITH_DEFINITION) return loaded;
      return { ...loaded, source: `${String(loaded.source)}\nexport { ModalClientDefinition };` };
    },
  });
  try {
    const { ModalClientDefinition } = (await import(WITH_DEFINITION)) as {
      ModalClientDefinition: { methods: Record<string, SdkMethod> };
    };
    return new Map(Object.values(ModalClientDefinition.methods).map((method) => [method.name, method]));
  } finally {
    hooks.deregister();
  }
}
