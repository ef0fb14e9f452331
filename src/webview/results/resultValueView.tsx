import type { ResultValue } from "../../panel/messages.ts";
import { formatBytes } from "../format.ts";
import { LongText } from "../parts/longText.tsx";
import { ObjectImage } from "../parts/objectImage.tsx";
import { hexDump } from "./hexDump.ts";
import { jsonTokens, prettyJson } from "./jsonText.ts";

/** A whole result, drawn by its kind. */
export function ResultValueView({ value }: { value: ResultValue }) {
  switch (value.kind) {
    case "json":
      return <LongText text={prettyJson(value.text)} paint={paintJson} />;
    case "text":
      return <LongText text={value.text} />;
    case "image":
      return (
        <figure class="detail-image">
          <ObjectImage image={value} alt="The result as a picture" />
          <figcaption class="quiet">
            {value.mediaType} · {formatBytes(value.bytes.byteLength)}
          </figcaption>
        </figure>
      );
    case "bytes":
      return <BytesView size={value.size} head={value.head} />;
    case "error":
      return (
        <>
          <p class="error-message">{value.message}</p>
          {value.traceback !== "" && <LongText text={value.traceback} />}
        </>
      );
    case "opaque":
      return (
        <>
          <p class="opaque-label mono">{value.label}</p>
          <p class="quiet">This is a Python object that cannot be shown here. Return plain data to see it.</p>
        </>
      );
  }
}

function BytesView({ size, head }: { size: number; head: Uint8Array }) {
  return (
    <>
      <LongText text={hexDump(head)} />
      {size > head.byteLength && (
        <p class="quiet">
          The first {formatBytes(head.byteLength)} of {formatBytes(size)}.
        </p>
      )}
    </>
  );
}

function paintJson(shown: string) {
  // The tokens of one text never change their order, so their position is a good key.
  return jsonTokens(shown).map(({ kind, text }, position) =>
    kind ? (
      <span key={position} class={`json-${kind}`}>
        {text}
      </span>
    ) : (
      text
    ),
  );
}
