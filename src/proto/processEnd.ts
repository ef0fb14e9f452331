/** How a Python process of ours ends whose user code has closed the pipe to us; `spawnpoint/frames.py` knows the number. */
const PIPE_CLOSED = 76;

/** How a Python process of ours ended, as the end of a sentence. */
export function endReason(code: number | null, signal: string | null): string {
  if (signal) return `was killed by ${signal}`;
  if (code === PIPE_CLOSED) {
    return "ended because user code closed its connection to us (os.closerange? it must leave the highest descriptors open)";
  }
  return `ended with exit code ${code}`;
}
