/** A piece of a line in one colour. */
export interface ColouredText {
  readonly text: string;
  /** As VS Code names the colours of its terminal, e.g. `Red` or `BrightBlue`; undefined for the usual one. */
  readonly colour: string | undefined;
}

const COLOURS = ["Black", "Red", "Green", "Yellow", "Blue", "Magenta", "Cyan", "White"];

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are made of them (ECMA-48).
const SEQUENCE = /\u001b(?:\[([0-?]*)[ -/]*([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|.?)/gs;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
const CONTROLS = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;

/**
 * Takes a line apart by the colours that its escape sequences set (ECMA-48 SGR, the 16 usual ones). All other sequences and control
 * characters are left out: nothing that a function prints moves or erases what is shown.
 */
export function colouredTexts(line: string): ColouredText[] {
  const texts: ColouredText[] = [];
  let colour: string | undefined;
  let end = 0;
  const add = (raw: string) => {
    const text = raw.replace(CONTROLS, "");
    if (text !== "") texts.push({ text, colour });
  };
  for (const match of line.matchAll(SEQUENCE)) {
    add(line.slice(end, match.index));
    end = match.index + match[0].length;
    if (match[2] === "m") colour = colourAfter(colour, match[1] ?? "");
  }
  add(line.slice(end));
  return texts;
}

/** The line without what is not shown. */
export function plainText(line: string): string {
  return colouredTexts(line)
    .map(({ text }) => text)
    .join("");
}

function colourAfter(before: string | undefined, parameters: string): string | undefined {
  let colour = before;
  for (const code of parameters.split(";").map(Number)) {
    if (code === 38 || code === 48) return colour; // Colours by number or by parts are not shown.
    if (code === 0 || code === 39) colour = undefined;
    if (code >= 30 && code <= 37) colour = COLOURS[code - 30];
    if (code >= 90 && code <= 97) colour = `Bright${COLOURS[code - 90]}`;
  }
  return colour;
}
