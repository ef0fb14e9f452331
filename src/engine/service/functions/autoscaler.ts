import type { MessageInitShape } from "@bufbuild/protobuf";
import type { AutoscalerSettings, AutoscalerSettingsSchema } from "../../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../../proto/grpc/rpcError.ts";
import type { FunctionOptions } from "../../deploy/definition.ts";
import { type AutoscalerOverride, scalingSettings } from "../../scheduler/scaling.ts";
import type { House, ModalHandlers } from "../house.ts";

type Names = "functionUpdateSchedulingParams" | "functionGetSchedulingParams";

/** The handlers of autoscaler settings. */
export function autoscalerHandlers(house: House): ModalHandlers<Names> {
  const { scheduler } = house;
  return {
    functionUpdateSchedulingParams: async ({ functionId, settings, warmPoolSizeOverride }) => {
      // Clients from before there were settings send the minimum by itself.
      const changed = settings ? changes(settings) : { min_containers: warmPoolSizeOverride };
      return { currentSettings: inForce(await changeAutoscaler(house, functionId, changed), scheduler.cores) };
    },

    functionGetSchedulingParams: ({ functionId }) => {
      const { options, override } = deployedFunction(house, functionId);
      return {
        autoscalerConfiguration: {
          settings: inForce({ ...options, ...override }, scheduler.cores),
          defaultSettings: inForce({}, scheduler.cores),
          staticSettings: settingsMessage(options),
          overrideSettings: settingsMessage(override),
        },
      };
    },
  };
}

/**
 * Changes some of a function's settings; they work at once, are kept, and end with the next version of its app.
 *
 * @returns all that is set now
 * @throws RpcError NOT_FOUND when the function is not deployed, INVALID_ARGUMENT when settings contradict each other
 */
export async function changeAutoscaler(
  house: House,
  functionId: string,
  changed: AutoscalerOverride,
): Promise<FunctionOptions> {
  const { store, scheduler } = house;
  const { options, override, version } = deployedFunction(house, functionId);
  const overrides = { ...override, ...changed };
  checkRange({ ...options, ...overrides });
  await store.database.write(() => store.autoscaler.setOverride(functionId, version, overrides));
  scheduler.autoscale(functionId);
  return { ...options, ...overrides };
}

/** @throws RpcError NOT_FOUND when it is not deployed now */
function deployedFunction({ store, deployments }: House, functionId: string) {
  const { options } = deployments.launchOf(functionId).definition;
  const { version } = deployments.find(functionId).app;
  return { options, version, override: store.autoscaler.override(functionId, version) };
}

/** @throws RpcError INVALID_ARGUMENT for settings that only Modal's servers have */
function changes(settings: AutoscalerSettings): AutoscalerOverride {
  const { minContainers, maxContainers, bufferContainers, scaledownWindow } = settings;
  const { scaleupWindow, targetConcurrency, targetConcurrencyFloat, scaledownRateLimit } = settings;
  const foreign = { scaleupWindow, targetConcurrency, targetConcurrencyFloat, scaledownRateLimit };
  for (const [name, value] of Object.entries(foreign)) {
    if (value !== undefined) throw refusal(`The local engine has no setting ${name}; it is for servers on Modal only.`);
  }
  return {
    ...(minContainers !== undefined && { min_containers: minContainers }),
    ...(maxContainers !== undefined && { max_containers: maxContainers }),
    ...(bufferContainers !== undefined && { buffer_containers: bufferContainers }),
    ...(scaledownWindow !== undefined && { scaledown_window_s: scaledownWindow }),
  };
}

function checkRange({ min_containers, max_containers, scaledown_window_s }: FunctionOptions): void {
  if (scaledown_window_s === 0) throw refusal("The scale-down window must be at least a second.");
  if (typeof max_containers !== "number" || (min_containers ?? 0) <= max_containers) return;
  throw refusal(
    `The minimum of ${min_containers} containers is above the function's maximum of ${max_containers}; change both.`,
  );
}

function inForce(options: FunctionOptions, cores: number): MessageInitShape<typeof AutoscalerSettingsSchema> {
  const { minContainers, maxContainers, bufferContainers, scaledownWindowMs } = scalingSettings(options, cores);
  return { minContainers, maxContainers, bufferContainers, scaledownWindow: Math.ceil(scaledownWindowMs / 1_000) };
}

/** Only what is set. */
function settingsMessage(options: FunctionOptions): MessageInitShape<typeof AutoscalerSettingsSchema> {
  const { min_containers, max_containers, buffer_containers, scaledown_window_s } = options;
  return {
    ...(typeof min_containers === "number" && { minContainers: min_containers }),
    ...(typeof max_containers === "number" && { maxContainers: max_containers }),
    ...(typeof buffer_containers === "number" && { bufferContainers: buffer_containers }),
    ...(typeof scaledown_window_s === "number" && { scaledownWindow: Math.ceil(scaledown_window_s) }),
  };
}

function refusal(message: string): RpcError {
  return new RpcError(RpcStatus.INVALID_ARGUMENT, message);
}
