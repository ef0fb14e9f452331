import type { AutoscalerSettings as SettingsMessage } from "../../proto/gen/modal_pb.js";
import type { ModalRpc } from "../connection/connection.ts";
import { InvalidError, UnimplementedError } from "../errors.ts";

/**
 * How a function's containers come and go. To the server, a setting that is left out keeps its value; from the server, it has none
 * of its own.
 */
export interface AutoscalerSettings {
  /** Containers that run even when there is nothing to do. */
  readonly minContainers?: number;
  readonly maxContainers?: number;
  /** Containers beyond those that the inputs need, while there are inputs. */
  readonly bufferContainers?: number;
  /** How long an idle container waits for another input; whole seconds. */
  readonly scaledownWindowMs?: number;
}

/** A function's settings, and where they come from. */
export interface AutoscalerConfiguration {
  /** What is in force. */
  readonly settings: AutoscalerSettings;
  /** What functions have that say nothing. */
  readonly defaultSettings: AutoscalerSettings;
  /** What the function's own definition says. */
  readonly staticSettings: AutoscalerSettings;
  /** What was changed since the deployment. */
  readonly overrideSettings: AutoscalerSettings;
}

/** The largest number that the wire has room for. */
const MAX_UINT32 = 0xffff_ffff;

/**
 * Changes some of a function's settings (`FunctionUpdateSchedulingParams`).
 *
 * @returns the settings that are in force now
 * @throws InvalidError when a setting makes no sense
 */
export async function updateAutoscaler(
  rpc: ModalRpc,
  functionId: string,
  settings: AutoscalerSettings,
): Promise<AutoscalerSettings> {
  const { currentSettings } = await rpc.functionUpdateSchedulingParams({ functionId, settings: toMessage(settings) });
  return fromMessage(currentSettings);
}

/**
 * Asks for a function's settings (`FunctionGetSchedulingParams`).
 *
 * @throws UnimplementedError when the server cannot tell
 */
export async function autoscalerConfiguration(rpc: ModalRpc, functionId: string): Promise<AutoscalerConfiguration> {
  try {
    const { autoscalerConfiguration: message } = await rpc.functionGetSchedulingParams({ functionId });
    return {
      settings: fromMessage(message?.settings),
      defaultSettings: fromMessage(message?.defaultSettings),
      staticSettings: fromMessage(message?.staticSettings),
      overrideSettings: fromMessage(message?.overrideSettings),
    };
  } catch (error) {
    if (!(error instanceof UnimplementedError)) throw error;
    throw new UnimplementedError(
      "This server does not tell a function's autoscaler settings; updateAutoscaler() returns them after a change.",
      { cause: error },
    );
  }
}

function toMessage(settings: AutoscalerSettings) {
  const { minContainers, maxContainers, bufferContainers, scaledownWindowMs } = settings;
  for (const [name, value] of Object.entries({ minContainers, maxContainers, bufferContainers }))
    checkWhole(name, value);
  if (minContainers !== undefined && maxContainers !== undefined && minContainers > maxContainers) {
    throw new InvalidError(
      `minContainers (${minContainers}) is larger than maxContainers (${maxContainers}); raise the maximum too.`,
    );
  }
  const scaledownWindow = scaledownWindowMs === undefined ? undefined : scaledownWindowMs / 1_000;
  if (scaledownWindow !== undefined && !(isWhole(scaledownWindow) && scaledownWindow > 0)) {
    throw new InvalidError(
      `scaledownWindowMs must be whole seconds above 0, in milliseconds, such as 60000; it is ${scaledownWindowMs}.`,
    );
  }
  return {
    ...(minContainers !== undefined && { minContainers }),
    ...(maxContainers !== undefined && { maxContainers }),
    ...(bufferContainers !== undefined && { bufferContainers }),
    ...(scaledownWindow !== undefined && { scaledownWindow }),
  };
}

function fromMessage(message: SettingsMessage | undefined): AutoscalerSettings {
  if (!message) return {};
  const { minContainers, maxContainers, bufferContainers, scaledownWindow } = message;
  return {
    ...(minContainers !== undefined && { minContainers }),
    ...(maxContainers !== undefined && { maxContainers }),
    ...(bufferContainers !== undefined && { bufferContainers }),
    ...(scaledownWindow !== undefined && { scaledownWindowMs: scaledownWindow * 1_000 }),
  };
}

function checkWhole(name: string, value: number | undefined): void {
  if (value === undefined || isWhole(value)) return;
  throw new InvalidError(`${name} must be a whole number from 0; it is ${value}.`);
}

function isWhole(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= MAX_UINT32;
}
