import { SerializationError } from "../errors.ts";
import { PythonObject, TimeDelta, TimeZone } from "./pythonObject.ts";

/**
 * Builders of the classes of Python's `datetime`, from the bytes that their `__reduce__` gives:
 * https://github.com/python/cpython/blob/3.13/Lib/_pydatetime.py (`_getstate`). They return undefined for other arguments.
 */

/**
 * With a fixed distance from UTC it is a moment, hence a `Date` (whose milliseconds cut the microseconds off). Without a zone, or
 * with one whose rules are not known here, it is what a clock showed somewhere: it stays text.
 */
export function datetimeFrom([state, zone]: readonly unknown[]): Date | PythonObject | undefined {
  const bytes = stateBytes(state, 10);
  const day = bytes && dayOf(bytes);
  const clock = bytes && clockOf(bytes.subarray(4));
  if (!day || !clock) return undefined;
  if (zone instanceof TimeZone) return momentOf(day, clock, zone);
  const fields = [...day, ...shownClock(clock)].join(", ");
  const suffix = zone === undefined ? "" : `, tzinfo=${zone instanceof PythonObject ? zone.text : "…"}`;
  return new PythonObject("datetime", "datetime", `datetime.datetime(${fields}${suffix})`);
}

export function dateFrom([state]: readonly unknown[]): PythonObject | undefined {
  const bytes = stateBytes(state, 4);
  const day = bytes && dayOf(bytes);
  return day && new PythonObject("datetime", "date", `datetime.date(${day.join(", ")})`);
}

export function timeFrom([state, zone]: readonly unknown[]): PythonObject | undefined {
  const bytes = stateBytes(state, 6);
  const clock = bytes && clockOf(bytes);
  if (!clock) return undefined;
  const suffix = zone === undefined ? "" : `, tzinfo=${zone instanceof PythonObject ? zone.text : "…"}`;
  return new PythonObject("datetime", "time", `datetime.time(${shownClock(clock).join(", ")}${suffix})`);
}

export function timedeltaFrom([days = 0, seconds = 0, microseconds = 0]: readonly unknown[]): TimeDelta | undefined {
  if (!isInteger(days) || !isInteger(seconds) || !isInteger(microseconds)) return undefined;
  return new TimeDelta(days, seconds, microseconds);
}

export function timezoneFrom([offset]: readonly unknown[]): TimeZone | undefined {
  return offset instanceof TimeDelta ? new TimeZone(offset) : undefined;
}

export function zoneInfoFrom([key]: readonly unknown[]): PythonObject | undefined {
  if (typeof key !== "string") return undefined;
  return new PythonObject("zoneinfo", "ZoneInfo", `zoneinfo.ZoneInfo(key='${key}')`);
}

/**
 * The ten bytes that `datetime` is made of, for a moment in UTC.
 *
 * @throws SerializationError for a date that is invalid or beyond Python's years 1 to 9999
 */
export function datetimeState(date: Date): Uint8Array {
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) {
    throw new SerializationError(
      "The value cannot be sent: it holds a date that is invalid or outside of the years 1 to 9999.",
    );
  }
  const day = [date.getUTCMonth() + 1, date.getUTCDate()];
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  const state = Buffer.from([year >> 8, year & 0xff, ...day, ...clock, 0, 0, 0]);
  state.writeUIntBE(date.getUTCMilliseconds() * 1_000, 7, 3);
  return state;
}

/** Year, month and day. */
type Day = readonly [number, number, number];

/** Hour, minute, second and microsecond. */
type Clock = readonly [number, number, number, number];

function stateBytes(state: unknown, length: number): Uint8Array | undefined {
  return state instanceof Uint8Array && state.length === length ? state : undefined;
}

function dayOf([high = 0, low = 0, month = 0, day = 0]: Uint8Array): Day | undefined {
  const year = high * 256 + low;
  const plainMonth = month & 0x7f; // The highest bit tells two equal hours of a night in autumn apart.
  const isDay = year >= 1 && year <= 9999 && plainMonth >= 1 && plainMonth <= 12 && day >= 1 && day <= 31;
  return isDay ? [year, plainMonth, day] : undefined;
}

function clockOf([hour = 0, minute = 0, second = 0, high = 0, middle = 0, low = 0]: Uint8Array): Clock | undefined {
  const plainHour = hour & 0x7f;
  const microsecond = high * 65_536 + middle * 256 + low;
  const isClock = plainHour < 24 && minute < 60 && second < 60 && microsecond < 1_000_000;
  return isClock ? [plainHour, minute, second, microsecond] : undefined;
}

/** As Python's `repr()` shows it: without what is zero at the end. */
function shownClock([hour, minute, second, microsecond]: Clock): number[] {
  if (microsecond > 0) return [hour, minute, second, microsecond];
  return second > 0 ? [hour, minute, second] : [hour, minute];
}

function momentOf([year, month, day]: Day, [hour, minute, second, microsecond]: Clock, zone: TimeZone): Date {
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, day);
  moment.setUTCHours(hour, minute, second, Math.floor(microsecond / 1_000));
  return new Date(moment.getTime() - zone.offset.milliseconds);
}

function isInteger(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value);
}
