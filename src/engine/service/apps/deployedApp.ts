import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type DeployedAppSchema,
  type FunctionSettingsSchema,
  type FunctionSourceSchema,
  RuntimeChoice,
} from "../../../proto/gen/engine_pb.js";
import { callables } from "../../deploy/classes.ts";
import type { CallableDefinition, FunctionOptions } from "../../deploy/definition.ts";
import type { DeployedVersion } from "../../deploy/deployments.ts";
import { functionStats } from "../functions/functionStats.ts";
import type { House } from "../house.ts";

/** What whoever deploys an app, or runs it, is told of it. */
export function deployedApp(
  house: House,
  { app, unchanged }: DeployedVersion,
): MessageInitShape<typeof DeployedAppSchema> {
  const { store, web } = house;
  const records = new Map(store.apps.functions(app.appId).map((record) => [record.name, record]));
  return {
    appId: app.appId,
    name: app.name,
    version: app.version,
    unchanged,
    runtime: app.definition.runtime === "modal" ? RuntimeChoice.MODAL : RuntimeChoice.BUILT_IN,
    modalVersion: app.definition.modal_version ?? "",
    functions: app.definition.functions.flatMap((definition) => {
      const record = records.get(definition.name);
      const startFailure = record ? functionStats(house, record).startFailure : "";
      return callables(definition).map(({ name, callable }) => ({
        functionId: record?.functionId ?? "",
        startFailure,
        name,
        isGenerator: callable.is_generator,
        source: place(callable),
        webUrl: web.url(app.appId, name) ?? "",
        settings: settings(definition.options),
      }));
    }),
    notApplied: app.definition.not_applied.map(({ function: functionName, option, reason, value = "" }) => ({
      functionName,
      option,
      reason,
      value,
    })),
  };
}

function settings(options: FunctionOptions): MessageInitShape<typeof FunctionSettingsSchema> {
  return {
    timeoutSeconds: options.timeout_s ?? 0,
    retries: options.retries?.max_retries ?? 0,
    maxConcurrentInputs: options.max_concurrent_inputs ?? 0,
    targetConcurrentInputs: options.target_concurrent_inputs ?? 0,
    batchMaxSize: options.batch_max_size ?? 0,
    batchWaitMs: options.batch_wait_ms ?? 0,
    memoryLimitMib: options.memory_limit_mib ?? 0,
  };
}

/** Where something callable stands. */
export function place({
  path,
  line,
  end_line,
  qualname,
}: CallableDefinition): MessageInitShape<typeof FunctionSourceSchema> {
  return { path, line, endLine: end_line, qualifiedName: qualname };
}
