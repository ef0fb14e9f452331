import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBinary } from "@bufbuild/protobuf";
import { InvalidError, NotFoundError } from "../../src/client/index.ts";
import { decodePickle } from "../../src/client/pickle/pickleReader.ts";
import {
  ClassParameterSetSchema,
  DataFormat,
  type FunctionBindParamsRequest,
  Function_FunctionType as FunctionType,
  ClassParameterInfo_ParameterSerializationFormat as ParameterFormat,
  ParameterType,
} from "../../src/proto/gen/modal_pb.js";
import { RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { collect, FakeModal } from "./fakeModal.ts";

const method = (name: string, functionType = FunctionType.FUNCTION) => ({
  functionName: `Model.${name}`,
  functionType,
  isMethod: true,
  useMethodName: name,
  supportedInputFormats: [DataFormat.PICKLE, DataFormat.CBOR],
});

const METHODS = {
  add: {
    ...method("add"),
    functionSchema: {
      arguments: [{ name: "price", hasDefault: false, fullType: { baseType: ParameterType.PARAM_TYPE_INT } }],
    },
  },
  upto: method("upto", FunctionType.GENERATOR),
};

const spec = (name: string, baseType: ParameterType, defaultOneof?: object) => ({
  name,
  type: baseType,
  fullType: { baseType },
  hasDefault: defaultOneof !== undefined,
  ...(defaultOneof && { defaultOneof }),
});

const SCHEMA = [
  spec("size", ParameterType.PARAM_TYPE_INT, { case: "intDefault", value: 7n }),
  spec("name", ParameterType.PARAM_TYPE_STRING),
  spec("quiet", ParameterType.PARAM_TYPE_BOOL, { case: "boolDefault", value: false }),
  spec("raw", ParameterType.PARAM_TYPE_BYTES, { case: "bytesDefault", value: new Uint8Array([9]) }),
];

/** A server with a class `Model`, whose parameters are typed unless said otherwise. */
async function start(format = ParameterFormat.PARAM_SERIALIZATION_FORMAT_PROTO, schema: object[] = SCHEMA) {
  const fake = await FakeModal.start();
  fake.functionMetadata = { methodHandleMetadata: METHODS, classParameterInfo: { format, schema } };
  let bindings = 0;
  for (let times = 0; times < 100; times++) {
    fake.intercept("functionBindParams", () => {
      bindings += 1;
      return { boundFunctionId: `fu-bound${bindings}`, handleMetadata: { methodHandleMetadata: METHODS } };
    });
  }
  const cls = fake.client({ environmentName: "test" }).classes.fromName("app", "Model");
  const bound = () => fake.requests("functionBindParams").map(({ request }) => request as FunctionBindParamsRequest);
  return { fake, cls, bound, [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose]() };
}

/** The parameters of a request, as names and values in the order in which they were sent. */
function sent({ serializedParams }: FunctionBindParamsRequest) {
  return fromBinary(ClassParameterSetSchema, serializedParams).parameters.map(({ name, type, valueOneof }) => [
    name,
    ParameterType[type],
    valueOneof.value,
  ]);
}

const UNTYPED = ParameterFormat.PARAM_SERIALIZATION_FORMAT_PICKLE;

test("a class is looked up when it is first used, as the function of all its methods", async () => {
  await using server = await start();
  const { fake, cls } = server;
  assert.throws(() => cls.methods, InvalidError);
  assert.equal(fake.seen.length, 0);
  await cls.hydrate();
  await cls.hydrate();
  const lookups = fake.requests("functionGet").map(({ request: { appName, objectTag, environmentName } }) => {
    return [appName, objectTag, environmentName];
  });
  assert.deepEqual(lookups, [["app", "Model.*", "test"]]);
  assert.deepEqual(cls.methods, ["add", "upto"]);
  assert.deepEqual(cls.parameters, [
    { name: "size", type: "int", hasDefault: true, default: 7 },
    { name: "name", type: "str", hasDefault: false, default: undefined },
    { name: "quiet", type: "bool", hasDefault: true, default: false },
    { name: "raw", type: "bytes", hasDefault: true, default: new Uint8Array([9]) },
  ]);
});

test("environment and version go into the lookup", async () => {
  await using server = await start();
  await server.fake.client().classes.lookup("app", "Model", { environmentName: "other", version: 3 });
  const [lookup] = server.fake.requests("functionGet");
  assert.deepEqual([lookup?.request.environmentName, lookup?.request.appVersion], ["other", 3]);
});

test("a class that is not there is not found, by its own name", async () => {
  await using server = await start();
  server.fake.fail("functionGet", RpcStatus.NOT_FOUND, 1, "no such thing");
  await assert.rejects(server.cls.hydrate(), (error) => {
    return error instanceof NotFoundError && error.message.startsWith('There is no class "Model" in the app "app";');
  });
});

test("methods are refused as functions and as classes, with what to write instead", async () => {
  await using server = await start();
  const modal = server.fake.client();
  assert.throws(
    () => modal.functions.fromName("app", "Model.add"),
    /write modal\.classes\.fromName\("app", "Model"\)\.instance\(\)\.method\("add"\)/,
  );
  assert.throws(() => modal.classes.fromName("app", "Model.add"), /"Model\.add" is not the name of a class/);
});

test("what a method takes is known without an instance", async () => {
  await using server = await start();
  const cls = await server.cls.hydrate();
  assert.deepEqual(cls.schemaOf("add")?.parameters, [
    { name: "price", hasDefault: false, type: { base: "int", sub: [] } },
  ]);
  assert.equal(cls.schemaOf("upto"), undefined);
  assert.equal(cls.schemaOf("toString"), undefined);
  assert.deepEqual(server.bound(), []);
});

test("a class without parameters and options is its own instance", async () => {
  await using server = await start(UNTYPED, []);
  const { cls, bound } = server;
  const instance = cls.instance();
  assert.equal(await instance.method("add").remote([3]), 9);
  assert.equal(instance.functionId, "fu-Model.*");
  assert.equal(bound().length, 0);
});

test("a typed class is bound with its defaults, in the order of the names", async () => {
  await using server = await start();
  const { cls, bound } = server;
  await cls.instance({ name: "x", raw: new Uint8Array([1]) }).hydrate();
  await cls.instance({ size: 2n ** 63n - 1n, quiet: true, name: "", raw: Buffer.from("b") }).hydrate();
  const [first, second] = bound().map(sent);
  assert.deepEqual(first, [
    ["name", "PARAM_TYPE_STRING", "x"],
    ["quiet", "PARAM_TYPE_BOOL", false],
    ["raw", "PARAM_TYPE_BYTES", Buffer.from([1])],
    ["size", "PARAM_TYPE_INT", 7n],
  ]);
  assert.deepEqual(
    second?.map(([, , value]) => value),
    ["", true, Buffer.from("b"), 2n ** 63n - 1n],
  );
  assert.deepEqual(
    bound().map(({ functionId, environmentName }) => [functionId, environmentName]),
    [
      ["fu-Model.*", "test"],
      ["fu-Model.*", "test"],
    ],
  );
});

for (const [what, parameters, sentence] of [
  ["unknown", { nam: "x" }, 'Model has no parameter "nam"; it has: size, name, quiet, raw.'],
  ["missing", {}, 'Model needs a value for its parameter "name", a str.'],
  ["undefined", { name: undefined }, 'Model needs a value for its parameter "name", a str.'],
  ["null", { name: null }, 'The parameter "name" of Model is a str, which null is not.'],
  ["a number for a str", { name: 5 }, 'The parameter "name" of Model is a str, which 5 is not.'],
  ["a str for an int", { name: "x", size: "7" }, 'The parameter "size" of Model is an int, which "7" is not.'],
  ["a fraction for an int", { name: "x", size: 1.5 }, 'The parameter "size" of Model is an int, which 1.5 is not.'],
  ["more than 64 bits", { name: "x", size: 2n ** 63n }, "is an int, which 9223372036854775808 is not."],
  ["a number for a bool", { name: "x", quiet: 1 }, 'The parameter "quiet" of Model is a bool, which 1 is not.'],
  ["a str for bytes", { name: "x", raw: "b" }, 'The parameter "raw" of Model is bytes, which "b" is not.'],
] as const) {
  test(`a parameter that is ${what} is refused in one sentence, without a request`, async () => {
    await using server = await start();
    const call = server.cls.instance(parameters).method("add").remote([1]);
    await assert.rejects(call, (error: Error) => error instanceof InvalidError && error.message.includes(sentence));
    assert.equal(server.bound().length, 0);
  });
}

test("a parameter of a type that is not known here is refused, unless nobody asks for the class's instances", async () => {
  await using server = await start(ParameterFormat.PARAM_SERIALIZATION_FORMAT_PROTO, [
    spec("tags", ParameterType.PARAM_TYPE_LIST),
  ]);
  const { cls } = server;
  await cls.hydrate();
  assert.deepEqual(cls.parameters, [{ name: "tags", type: "list", hasDefault: false, default: undefined }]);
  await assert.rejects(cls.instance({ tags: [] }).hydrate(), /of a type that this client cannot send/);
});

test("the schema of servers before full types is read too", async () => {
  const old = { name: "size", type: ParameterType.PARAM_TYPE_INT, hasDefault: false };
  await using server = await start(ParameterFormat.PARAM_SERIALIZATION_FORMAT_PROTO, [old]);
  await server.cls.instance({ size: 5 }).hydrate();
  assert.deepEqual(server.bound().map(sent), [[["size", "PARAM_TYPE_INT", 5n]]]);
});

test("the arguments of a constructor are pickled, also none when there are options", async () => {
  await using server = await start(UNTYPED, []);
  const { cls, bound } = server;
  await cls.instance({ name: "x", sizes: [1, 2] }).hydrate();
  await cls.withOptions({ timeoutMs: 5_000 }).instance().hydrate();
  const pickles = bound().map(({ serializedParams }) => decodePickle(serializedParams, () => undefined));
  assert.deepEqual(pickles, [
    [[], { name: "x", sizes: [1, 2] }],
    [[], {}],
  ]);
});

test("the same parameters are bound once, as far as the last 32 of them go", async () => {
  await using server = await start();
  const { cls, bound } = server;
  await Promise.all([cls.instance({ name: "0" }).hydrate(), cls.instance({ name: "0", size: 7 }).hydrate()]);
  assert.equal(bound().length, 1);
  for (let index = 1; index < 32; index++) await cls.instance({ name: String(index) }).hydrate();
  await cls.instance({ name: "0" }).hydrate();
  assert.equal(bound().length, 32);
  await cls.instance({ name: "32" }).hydrate();
  await cls.instance({ name: "0" }).hydrate();
  assert.equal(bound().length, 33);
  await cls.instance({ name: "1" }).hydrate();
  assert.equal(bound().length, 34);
});

test("parameters that could not be bound are bound again", async () => {
  await using fake = await FakeModal.start();
  fake.functionMetadata = { methodHandleMetadata: METHODS };
  fake.fail("functionBindParams", RpcStatus.INVALID_ARGUMENT, 1, "not now");
  const handleMetadata = { methodHandleMetadata: METHODS };
  fake.intercept("functionBindParams", () => ({ boundFunctionId: "fu-second", handleMetadata }));
  const instance = fake.client().classes.fromName("app", "Model").instance({ name: "x" });
  await assert.rejects(instance.hydrate(), /not now/);
  assert.equal((await instance.hydrate()).functionId, "fu-second");
});

test("methods are called on the instance's function, with their name in every input", async () => {
  await using server = await start();
  const { fake, cls } = server;
  const instance = cls.instance({ name: "x" });
  const add = instance.method("add");
  assert.equal(add.name, "Model.add");
  assert.equal(await add.remote([3]), 9);
  assert.equal(await (await add.spawn([4])).get(), 16);
  assert.deepEqual(await collect(add.map([[1, 2, 3]])), [1, 4, 9]);
  assert.deepEqual(await collect(add.starmap([[5]])), [25]);
  await add.forEach([[1, 2]]);
  assert.equal((await add.getCurrentStats()).backlog, 4);
  const inputs = fake.seen.flatMap(({ request }) => [...(request.pipelinedInputs ?? []), ...(request.inputs ?? [])]);
  assert.equal(inputs.length, 8);
  assert.deepEqual(new Set(inputs.map(({ input }) => input.methodName)), new Set(["add"]));
  const ids = fake.seen.filter(({ method: name }) => name === "functionMap" || name === "functionGetCurrentStats");
  assert.deepEqual(new Set(ids.map(({ request }) => request.functionId)), new Set(["fu-bound1"]));
});

test("whether a method is a generator is known, and one that is not there is named with those that are", async () => {
  await using server = await start();
  const instance = server.cls.instance({ name: "x" });
  assert.equal((await instance.method("upto").hydrate()).isGenerator, true);
  await assert.rejects(instance.method("upto").remote(), /Model\.upto is a generator function/);
  await assert.rejects(instance.method("toString").remote(), (error: Error) => {
    return error instanceof NotFoundError && error.message === 'Model has no method "toString"; it has: add, upto.';
  });
});

test("options stack, and go out in the server's units", async () => {
  await using server = await start(UNTYPED, []);
  const { cls, bound } = server;
  const changed = cls
    .withOptions({ timeoutMs: 5_000, maxContainers: 2, retries: 3 })
    .withOptions({ maxContainers: 4, bufferContainers: 0, scaledownWindowMs: 2_000, cloud: "aws", routingRegion: "eu" })
    .withConcurrency({ maxInputs: 10, targetInputs: 5 })
    .withBatching({ maxBatchSize: 6, waitMs: 100 });
  await changed.instance().hydrate();
  await cls.withOptions({}).instance().hydrate();
  const [options, ...others] = bound().map(({ functionOptions }) => functionOptions);
  assert.equal(others.length, 0);
  const { $typeName: _, retryPolicy, ...plain } = { ...options };
  const { retries, backoffCoefficient, initialDelayMs, maxDelayMs } = retryPolicy ?? {};
  assert.deepEqual([retries, backoffCoefficient, initialDelayMs, maxDelayMs], [3, 1, 1_000, 60_000]);
  const set = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined && value !== false));
  assert.deepEqual(set, {
    secretIds: [],
    mountIds: [],
    timeoutSecs: 5,
    concurrencyLimit: 4,
    bufferContainers: 0,
    taskIdleTimeoutSecs: 2,
    cloudProviderStr: "aws",
    routingRegion: "eu",
    maxConcurrentInputs: 10,
    targetConcurrentInputs: 5,
    batchMaxSize: 6,
    batchLingerMs: 100n,
  });
});

test("settings that make no sense are refused when they are made", async () => {
  await using server = await start();
  const { cls } = server;
  assert.throws(() => cls.withOptions({ timeoutMs: 1_500 }), /timeoutMs must be whole seconds/);
  assert.throws(() => cls.withOptions({ maxContainers: 0 }), /maxContainers must be a whole number from 1/);
  assert.throws(() => cls.withOptions({ retries: -1 }), /retries must be a whole number from 0/);
  assert.throws(() => cls.withOptions({ retries: { maxRetries: 1, backoffCoefficient: 11 } }), /from 1 to 10/);
  assert.throws(() => cls.withConcurrency({ maxInputs: 2, targetInputs: 3 }), /targetInputs \(3\) is larger/);
  assert.throws(() => cls.withBatching({ maxBatchSize: 0, waitMs: 1 }), /maxBatchSize must be a whole number from 1/);
});

test("the containers of an instance are scaled through it, not through a method", async () => {
  await using server = await start();
  const { fake, cls } = server;
  fake.intercept("functionUpdateSchedulingParams", () => ({ currentSettings: { minContainers: 2 } }));
  const instance = cls.instance({ name: "x" });
  assert.deepEqual(await instance.updateAutoscaler({ minContainers: 2 }), { minContainers: 2 });
  const [update] = fake.requests("functionUpdateSchedulingParams");
  assert.equal(update?.request.functionId, "fu-bound1");
  await assert.rejects(instance.method("add").updateAutoscaler({ minContainers: 2 }), /on the instance of its class/);
});
