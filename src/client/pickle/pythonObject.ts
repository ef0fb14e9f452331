/** A Python value that JavaScript has no value for: its class, and how it reads. */
export class PythonObject {
  /** The module of its class, e.g. `numpy`. */
  readonly module: string;
  /** The qualified name of its class, e.g. `ndarray`. */
  readonly name: string;
  /** As Python would write it where that is known, otherwise class and size, e.g. `<numpy.ndarray, 1,024 bytes>`. */
  readonly text: string;

  constructor(module: string, name: string, text: string) {
    this.module = module;
    this.name = name;
    this.text = text;
  }

  /** The same as {@link text}. */
  toString(): string {
    return this.text;
  }

  /** What `JSON.stringify` shows of it: its text, marked as Python's. */
  toJSON(): { readonly $python: string } {
    return { $python: this.text };
  }
}

/** Python's `decimal.Decimal`, with all of its digits. */
export class Decimal extends PythonObject {
  /** E.g. `1.10`, `-3E+5`, `NaN`. */
  readonly digits: string;

  constructor(digits: string) {
    super("decimal", "Decimal", `Decimal('${digits}')`);
    this.digits = digits;
  }
}

/** Python's `datetime.timedelta`. */
export class TimeDelta extends PythonObject {
  readonly milliseconds: number;

  constructor(days: number, seconds: number, microseconds: number) {
    const parts = Object.entries({ days, seconds, microseconds }).filter(([, count]) => count !== 0);
    super(
      "datetime",
      "timedelta",
      `datetime.timedelta(${parts.map(([unit, count]) => `${unit}=${count}`).join(", ") || 0})`,
    );
    this.milliseconds = days * 86_400_000 + seconds * 1_000 + microseconds / 1_000;
  }
}

/** Python's `datetime.timezone`: the same distance from UTC all the year. */
export class TimeZone extends PythonObject {
  readonly offset: TimeDelta;

  constructor(offset: TimeDelta) {
    super("datetime", "timezone", `datetime.timezone(${offset.text})`);
    this.offset = offset;
  }
}
