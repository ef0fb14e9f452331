/** Text as Markdown shows it, in a cell of a table too: nothing of it is taken for a tag or for the cell's end. */
export function marked(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll("|", "\\|");
}
