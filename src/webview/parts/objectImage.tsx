import * as l10n from "@vscode/l10n";
import { useState } from "preact/hooks";
import type { ResultValue } from "../../panel/messages.ts";
import { useObjectUrl } from "./objectUrl.ts";

interface ObjectImageProps {
  readonly image: Extract<ResultValue, { kind: "image" }>;
  readonly alt: string;
  /** Told once the picture is decoded, with its own size in pixels. */
  readonly onSize?: (widthPx: number, heightPx: number) => void;
}

/** A picture from bytes. Its object URL lives as long as it is on the page. */
export function ObjectImage({ image, alt, onSize }: ObjectImageProps) {
  const url = useObjectUrl(image.bytes, image.mediaType);
  const [broken, setBroken] = useState(false);
  if (broken) return <span class="quiet">{l10n.t("This picture cannot be read.")}</span>;
  if (url === undefined) return null;
  return (
    <img
      src={url}
      alt={alt}
      onLoad={(event) => onSize?.(event.currentTarget.naturalWidth, event.currentTarget.naturalHeight)}
      onError={() => setBroken(true)}
    />
  );
}
