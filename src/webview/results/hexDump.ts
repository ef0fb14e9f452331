const BYTES_PER_LINE = 16;

/** Offset from `start`, sixteen bytes in hex and the same as ASCII, a line for each sixteen bytes. */
export function hexDump(bytes: Uint8Array, start = 0): string {
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += BYTES_PER_LINE) {
    const line = [...bytes.subarray(offset, offset + BYTES_PER_LINE)];
    const hex = line.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const ascii = line.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");
    lines.push(`${(start + offset).toString(16).padStart(6, "0")}  ${hex.padEnd(BYTES_PER_LINE * 3 - 1)}  ${ascii}`);
  }
  return lines.join("\n");
}
