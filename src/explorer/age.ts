const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
] as const;

/** E.g. `5 min ago`; below a minute `just now`, so that a list does not tick. */
export function describeAge(ageMs: number): string {
  for (const [unit, lengthMs] of UNITS) {
    if (ageMs >= lengthMs) return `${Math.floor(ageMs / lengthMs)} ${unit} ago`;
  }
  return "just now";
}
