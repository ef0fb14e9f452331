import type { AbsentMethods } from "../../proto/grpc/rpcServer.ts";
import { type CompatibilityArea, compatibility } from "./compatibility.ts";
import { modalMethods } from "./modalMethods.ts";

/** What callers are told of the methods of Modal's that the engine does not have: the reason that docs/compatibility.md gives. */
export const absentMethods: AbsentMethods = {
  names: modalMethods,
  why: (name) => {
    if (compatibility.some(({ served = {} }) => name in served)) {
      return `${name} is for containers of Modal's runtime, each of which has a socket of its own for it.`;
    }
    const pattern = patternOf(compatibility, name) ?? "";
    const reason = compatibility.map(({ absent = {} }) => absent[pattern]).find((found) => found !== undefined);
    return `${reason?.replace(/\.$/, "")} (the local engine does not have ${name}).`;
  },
};

/** What names a method among those that are not there: the longest pattern is the closest. */
export function patternOf(areas: readonly CompatibilityArea[], method: string): string | undefined {
  const meant = absentPatterns(areas).filter((pattern) => matches(pattern, method));
  return meant.sort((a, b) => b.length - a.length)[0];
}

export function absentPatterns(areas: readonly CompatibilityArea[]): string[] {
  return areas.flatMap(({ absent = {} }) => Object.keys(absent));
}

/** @param pattern a name, or the beginning of names before a `*` */
export function matches(pattern: string, method: string): boolean {
  return pattern.endsWith("*") ? method.startsWith(pattern.slice(0, -1)) : method === pattern;
}
