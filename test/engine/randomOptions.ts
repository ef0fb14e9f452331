import type { FunctionOptions } from "../../src/engine/deploy/definition.ts";
import type { AutoscalerOverride } from "../../src/engine/scheduler/scaling.ts";
import type { Dice } from "./dice.ts";

/** Options of a function that may be anything, with short times. */
export function randomOptions(dice: Dice): FunctionOptions {
  return {
    max_containers: dice.below(4) + 1,
    min_containers: dice.chance(0.2) ? 1 : 0,
    buffer_containers: dice.chance(0.2) ? 1 : 0,
    scaledown_window_s: 1,
    timeout_s: 3,
    retries: dice.chance(0.4)
      ? { max_retries: dice.below(3), initial_delay_s: 1, backoff_coefficient: 2, max_delay_s: 10 }
      : null,
    ...(dice.chance(0.4) && {
      max_concurrent_inputs: dice.below(4) + 1,
      target_concurrent_inputs: dice.below(3) + 1,
    }),
    ...(dice.chance(0.4) && { batch_max_size: dice.below(4) + 1, batch_wait_ms: dice.below(3) * 200 }),
  };
}

/** Autoscaler settings that somebody changes while the function runs. */
export function randomOverride(dice: Dice): AutoscalerOverride {
  return {
    max_containers: dice.below(4) + 1,
    ...(dice.chance(0.5) && { min_containers: dice.below(2) }),
    ...(dice.chance(0.5) && { buffer_containers: dice.below(2) }),
    ...(dice.chance(0.5) && { scaledown_window_s: dice.below(3) + 1 }),
  };
}
