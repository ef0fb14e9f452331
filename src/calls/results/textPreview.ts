/** The beginning of a text in one line of at most `limit` characters. */
export function textPreview(text: string, limit = 200): string {
  const beginning = text.slice(0, limit * 2);
  return cutText(beginning.replace(/\s+/g, " ").trim(), limit);
}

/** At most `limit` characters of a text, the last of which says that it went on. */
export function cutText(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}
