import * as l10n from "@vscode/l10n";
import type { ShownValue } from "../../panel/messages.ts";
import { formatBytes } from "../format.ts";
import type { FileOpener } from "../host.ts";
import { LongText } from "../parts/longText.tsx";
import { ObjectImage } from "../parts/objectImage.tsx";
import { useObjectUrl } from "../parts/objectUrl.ts";
import { BytesView } from "./bytesView.tsx";
import { JsonView } from "./jsonView.tsx";
import { Traceback } from "./traceback.tsx";
import type { LoadPart } from "./valueParts.ts";

interface ResultValueViewProps {
  readonly value: ShownValue;
  readonly load: LoadPart;
  readonly host: FileOpener;
}

/** A result, drawn by its kind. */
export function ResultValueView({ value, load, host }: ResultValueViewProps) {
  switch (value.kind) {
    case "json":
      return <JsonView value={value} load={load} />;
    case "text":
      return (
        <LongText
          text={value.text}
          length={value.length}
          load={async (start, end) => (await load({ of: "text", start, end })).text ?? ""}
        />
      );
    case "image":
      return (
        <figure class="detail-image">
          <ObjectImage image={value} alt={l10n.t("The result as a picture")} />
          <MediaCaption value={value} />
        </figure>
      );
    case "audio":
      return <AudioView value={value} />;
    case "bytes":
      return (
        <BytesView
          size={value.size}
          head={value.head}
          load={async (start, end) => (await load({ of: "bytes", start, end })).bytes ?? new Uint8Array()}
        />
      );
    case "error":
      return (
        <>
          <p class="error-message">{value.message}</p>
          {value.traceback !== "" && <Traceback text={value.traceback} host={host} />}
        </>
      );
    case "opaque":
      return (
        <>
          <p class="opaque-label mono">{value.label}</p>
          <p class="quiet">
            {l10n.t("This is a Python object that cannot be shown here. Return plain data to see it.")}
          </p>
        </>
      );
  }
}

type MediaValue = Extract<ShownValue, { kind: "image" | "audio" }>;

function AudioView({ value }: { value: Extract<MediaValue, { kind: "audio" }> }) {
  const url = useObjectUrl(value.bytes, value.mediaType);
  return (
    <figure class="detail-image">
      {/* biome-ignore lint/a11y/useMediaCaption: nobody knows what is said in it. */}
      {url && <audio controls src={url} aria-label={l10n.t("The result as sound")} />}
      <MediaCaption value={value} />
    </figure>
  );
}

function MediaCaption({ value }: { value: MediaValue }) {
  return (
    <figcaption class="quiet">
      {value.mediaType} · {formatBytes(value.bytes.byteLength)}
    </figcaption>
  );
}
