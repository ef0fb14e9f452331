import { Decimal } from "./pythonObject.ts";

/** No number has more digits than this in its shortest form, exponent included. */
const MAX_NUMBER_CHARACTERS = 32;

/** A decimal as a number when that has the same digits, as it has with CBOR; otherwise a Decimal. Undefined for what is none. */
export function decimalFromText(text: string): number | Decimal | undefined {
  if (/^(?:-?Infinity|NaN)$/.test(text)) return Number(text);
  if (!/^-?(?:\d+(?:\.\d*)?|\.\d+)(?:E[+-]?\d+)?$|^-?s?NaN\d*$/i.test(text)) return undefined;
  const isNumber = text.length <= MAX_NUMBER_CHARACTERS && canonical(text) === canonical(String(Number(text)));
  return isNumber ? Number(text) : new Decimal(text);
}

/** Sign, digits without zeros at the ends, and the exponent of the last digit: the same for `1.50` and `15e-1`. */
function canonical(text: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  const lastPlace = Number(exponent) - fraction.length + digits.length - significant.length;
  return significant === "" ? `${sign}0` : `${sign}${significant}e${lastPlace}`;
}
