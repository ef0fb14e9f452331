import * as l10n from "@vscode/l10n";

/** A server is there, but says nothing. The message is one sentence. */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
}

/**
 * What a server answers, if it does so in time. An answer that comes later is nobody's.
 *
 * @param name the target's, as users know it
 * @throws NoAnswerError it did not
 */
export async function inTime<T>(answer: Promise<T>, name: string, limitMs: number): Promise<T> {
  const seconds = Math.round(limitMs / 1_000);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = l10n.t`${name} has not answered for ${seconds} s; see whether its server can be reached, then try again.`;
    timer = setTimeout(() => reject(new NoAnswerError(message)), limitMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
