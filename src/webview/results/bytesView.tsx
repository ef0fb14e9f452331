import * as l10n from "@vscode/l10n";
import { useState } from "preact/hooks";
import { formatBytes } from "../format.ts";
import { hexDump } from "./hexDump.ts";

const MORE_BYTES = 64 * 1024;

interface BytesViewProps {
  readonly size: number;
  readonly head: Uint8Array;
  readonly load: (start: number, end: number) => Promise<Uint8Array>;
}

/** Bytes in hexadecimal, the first ones, then more when asked. */
export function BytesView({ size, head, load }: BytesViewProps) {
  const [pieces, setPieces] = useState<readonly Uint8Array[]>([head]);
  const shown = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  const showMore = async () => {
    const more = await load(shown, shown + MORE_BYTES);
    setPieces((known) => (known === pieces ? [...known, more] : known));
  };
  let offset = 0;
  return (
    <>
      <pre class="long-text">
        {pieces.map((piece) => {
          const start = offset;
          offset += piece.byteLength;
          return <span key={start} class="bytes-piece">{`${hexDump(piece, start)}\n`}</span>;
        })}
      </pre>
      {size > shown && (
        <button type="button" class="link-button" onClick={() => void showMore()}>
          {l10n.t`Show more (the first ${formatBytes(shown)} of ${formatBytes(size)} are shown)`}
        </button>
      )}
    </>
  );
}
