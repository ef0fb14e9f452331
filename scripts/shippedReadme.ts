/**
 * The README as the package has it. VS Code and galleries show it without the checkout around it, and of pictures only those with an
 * address of their own: what leads to a file of the checkout would be broken there.
 *
 * @param readme Markdown
 */
export function shippedReadme(readme: string): string {
  return readme
    .replaceAll(TABLE, (table) => (OWN_PICTURE.test(table) ? "" : table))
    .replaceAll(PICTURE_LINE, "")
    .replaceAll(OWN_LINK, "$1")
    .replaceAll(/\n{3,}/g, "\n\n");
}

const TABLE = /(?:^\|.*\n)+/gm;
const OWN_PICTURE = /!\[[^\]]*\]\((?!https:)[^)]*\)/;
const PICTURE_LINE = /^!\[[^\]]*\]\((?!https:)[^)]*\)\n/gm;
/** Not an address, nor a place in the same page. */
const OWN_LINK = /\[([^\]]*)\]\((?!https:|#)[^)]*\)/g;
