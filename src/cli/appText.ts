import type { DeployedFunction, NotApplied } from "../proto/gen/engine_pb.js";
import { columns } from "./render.ts";

/** A line for each function: where it stands, and of a web endpoint where it listens. */
export function functionLines(functions: readonly DeployedFunction[]): string[] {
  return columns(
    functions.map((fn) => [`  ${fn.name}`, `${fn.source?.path ?? ""}:${fn.source?.line ?? 0}`, fn.webUrl]),
  );
}

/** A line for each function that gets no containers any more, for now. Methods of a class share theirs. */
export function startFailureLines(functions: readonly DeployedFunction[]): string[] {
  return [...new Set(functions.map(({ startFailure }) => startFailure).filter((failure) => failure !== ""))];
}

/** A line for each setting that has no effect here, schedules among them. */
export function notAppliedLines(settings: readonly NotApplied[]): string[] {
  return settings.map(({ functionName, option, reason }) => {
    return `Not applied: ${functionName ? `${option} of ${functionName}` : option}. ${reason}`;
  });
}
