import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type {
  CallableDefinition,
  ClassDefinition,
  ClassParameterDefinition,
  FunctionDefinition,
  ParameterValue,
} from "./definition.ts";

/** What users can call of a function, under the names that they know: itself, or the methods of a class. */
export function callables(definition: FunctionDefinition): { name: string; callable: CallableDefinition }[] {
  const { cls } = definition;
  if (!cls) return [{ name: definition.name, callable: definition }];
  return cls.methods.map((method) => ({ name: `${cls.name}.${method.name}`, callable: method }));
}

/**
 * What an input calls of a function: itself, or the method that the input names.
 *
 * @throws RpcError NOT_FOUND with the methods that there are
 */
export function calledBy(definition: FunctionDefinition, methodName: string | undefined): CallableDefinition {
  return definition.cls ? methodNamed(definition.cls, methodName) : definition;
}

function methodNamed({ name, methods }: ClassDefinition, methodName: string | undefined): CallableDefinition {
  const method = methods.find((candidate) => candidate.name === methodName);
  if (method) return method;
  const names = methods.map((candidate) => candidate.name).join(", ") || "none";
  const what = methodName ? `has no method ${methodName}` : "is a class, so the input must name a method";
  throw new RpcError(RpcStatus.NOT_FOUND, `${name} ${what}; it has: ${names}.`);
}

/**
 * A value for each parameter of a class, in the order of their names; defaults are filled in.
 *
 * @throws RpcError INVALID_ARGUMENT for unknown, missing and doubled parameters, and values of another type
 */
export function completeParameters(cls: ClassDefinition, given: readonly ParameterValue[]): ParameterValue[] {
  const values = new Map<string, ParameterValue>();
  for (const value of given) {
    if (!cls.parameters.some(({ name }) => name === value.name)) {
      const names = cls.parameters.map(({ name }) => name).join(", ") || "none";
      throw refusal(`${cls.name} has no parameter ${value.name}; it has: ${names}.`);
    }
    if (values.has(value.name)) throw refusal(`The parameter ${value.name} of ${cls.name} was given twice.`);
    values.set(value.name, value);
  }
  return cls.parameters
    .map((parameter) => checked(cls, parameter, values.get(parameter.name) ?? parameter.default))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function checked(cls: ClassDefinition, parameter: ClassParameterDefinition, value: ParameterValue | null) {
  const { name, type } = parameter;
  if (!value) throw refusal(`${cls.name} needs a value for its parameter ${name}, of type ${type}.`);
  if (value.type === type) return value;
  throw refusal(
    `The parameter ${name} of ${cls.name} is of type ${type}, and a value of type ${value.type} was given.`,
  );
}

function refusal(message: string): RpcError {
  return new RpcError(RpcStatus.INVALID_ARGUMENT, message);
}
