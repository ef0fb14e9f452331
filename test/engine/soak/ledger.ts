/** A call that a server has acknowledged: it owes an output for each of its inputs. */
export interface AcknowledgedCall {
  readonly functionCallId: string;
  readonly work: string;
  readonly inputs: number;
  /** Whether this is what the function returns for the input at an index. */
  isRight(value: unknown, index: number): boolean;
}

/** What became of one kind of work. */
export interface WorkCount {
  done: number;
  /** How often it failed as it may, by what was said. */
  readonly failures: Record<string, number>;
}

/** What a soak has done and found out. */
export class Ledger {
  readonly work: Record<string, WorkCount> = {};
  readonly faults: Record<string, number> = {};
  readonly calls: AcknowledgedCall[] = [];
  /** What was counted at the end. */
  readonly measured: Record<string, number> = {};
  /** Whatever should not be, as sentences. Empty after a good run. */
  readonly findings: string[] = [];

  /** Notes that a piece of work ended as it should. */
  done(work: string): void {
    this.#of(work).done++;
  }

  /** Notes that a piece of work ended by a failure that the faults explain. */
  failed(work: string, error: Error): void {
    const { failures } = this.#of(work);
    const sentence = `${error.name}: ${withoutNumbers(error.message)}`;
    failures[sentence] = (failures[sentence] ?? 0) + 1;
  }

  count(name: string): void {
    this.measured[name] = (this.measured[name] ?? 0) + 1;
  }

  fault(name: string): void {
    this.faults[name] = (this.faults[name] ?? 0) + 1;
  }

  #of(work: string): WorkCount {
    this.work[work] ??= { done: 0, failures: {} };
    return this.work[work];
  }
}

/** The same for failures that differ in ids, ports and counts only. */
function withoutNumbers(message: string): string {
  return message
    .replaceAll(/\b(fc|fu|ta|in|bl|ap)-\w+/g, "$1-…")
    .replaceAll(/\d+/g, "…")
    .slice(0, 200);
}
