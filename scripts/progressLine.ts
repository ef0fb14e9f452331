/** How often a line is printed where lines cannot be rewritten, such as in a log file. */
const plainIntervalMs = 1_000;

/** One line that says how far something is: rewritten in place on a terminal, else printed now and then. */
export class ProgressLine {
  #shown = "";
  #shownAt = 0;

  show(text: string): void {
    if (text === this.#shown) return;
    if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K  ${text}`);
    else if (performance.now() - this.#shownAt < plainIntervalMs) return;
    else console.log(`  ${text}`);
    this.#shown = text;
    this.#shownAt = performance.now();
  }

  /** Ends the line with what came of it. */
  end(text: string): void {
    console.log(process.stdout.isTTY ? `\r\x1b[2K  ${text}` : `  ${text}`);
  }
}
