import { test } from "node:test";
import { runSchedules } from "./dice.ts";
import { checkReports } from "./reportChecks.ts";
import { SchedulerSimulation } from "./schedulerSimulation.ts";

/** A fault that leaves something waiting for ever fails here, and not with the whole run. */
const LIMIT = { timeout: 400_000 };

test("whatever happens, calls and their calls end once, and all reports agree with what happened", LIMIT, async () => {
  await runSchedules(100, (seed) => new SchedulerSimulation(seed, checkReports).run());
});
