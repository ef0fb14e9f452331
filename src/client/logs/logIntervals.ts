/** A span of time: from its first millisecond to before its last. Unix milliseconds. */
export interface Interval {
  readonly since: number;
  readonly until: number;
}

/** A span of time with the number of entries in it. */
export interface CountedInterval extends Interval {
  readonly count: number;
}

/** The most entries that one request brings; the limit of Modal's servers, for answers of about 4 MiB. */
export const FETCH_LIMIT = 20_000;

/** About so many entries are fetched at once. */
const WANTED_ENTRIES = 2_000;

/** In one request; as much room again is left for entries that do not spread evenly. */
const DENSE_ENTRIES = FETCH_LIMIT / 2;

/** Entries are counted in at most so many buckets, unless the longest buckets are too short for that. */
const MAX_BUCKETS = 100;

/** The lengths of buckets in seconds that Modal's own clients use. */
const BUCKET_SECONDS = [
  2, 4, 6, 12, 20, 30, 60, 120, 180, 240, 300, 360, 600, 720, 900, 1_200, 1_800, 3_600, 7_200, 10_800, 14_400, 28_800,
  43_200, 86_400,
] as const;

/** The shortest buckets that cover a span without being too many. */
export function bucketSecondsFor({ since, until }: Interval): number {
  const spanSeconds = (until - since) / 1_000;
  return BUCKET_SECONDS.find((seconds) => spanSeconds / seconds <= MAX_BUCKETS) ?? 86_400;
}

/**
 * Divides a span of time into the intervals in which to fetch it, in order. Neighbouring buckets are put together until there is enough in
 * them; one that holds too much is cut into equal parts. Empty buckets are in no interval.
 *
 * @param buckets what was counted, in order; the outer ones may reach beyond the span
 */
export function fetchIntervals(buckets: readonly CountedInterval[], span: Interval): Interval[] {
  const intervals: Interval[] = [];
  let open: CountedInterval | undefined;
  const close = () => {
    if (open) intervals.push(...cut(open));
    open = undefined;
  };
  for (const { since, until, count } of buckets) {
    if (count === 0 || (open && open.count + count > DENSE_ENTRIES)) close();
    if (count === 0) continue;
    open = { since: open?.since ?? since, until, count: (open?.count ?? 0) + count };
    if (open.count >= WANTED_ENTRIES) close();
  }
  close();
  return intervals.flatMap((interval) => within(span, interval));
}

/** Both halves of an interval, or nothing when it is as short as can be. */
export function halves({ since, until }: Interval): [Interval, Interval] | undefined {
  const middle = Math.floor((since + until) / 2);
  if (middle <= since) return undefined;
  return [
    { since, until: middle },
    { since: middle, until },
  ];
}

function cut({ since, until, count }: CountedInterval): Interval[] {
  const parts = Math.min(Math.ceil(count / DENSE_ENTRIES), until - since);
  const border = (part: number) => since + Math.floor(((until - since) * part) / parts);
  return Array.from({ length: parts }, (_, part) => ({ since: border(part), until: border(part + 1) }));
}

function within(span: Interval, interval: Interval): Interval[] {
  const since = Math.max(span.since, interval.since);
  const until = Math.min(span.until, interval.until);
  return since < until ? [{ since, until }] : [];
}
