import { test } from "node:test";
import { runSchedules } from "./dice.ts";
import { checkReports } from "./reportChecks.ts";
import { SchedulerSimulation } from "./schedulerSimulation.ts";

test("whatever happens, calls and their calls end once, and all reports agree with what happened", async () => {
  await runSchedules(100, (seed) => new SchedulerSimulation(seed, checkReports).run());
});
