import { useEffect, useState } from "preact/hooks";

/** A URL of bytes, as long as the component is on the page. Undefined before the first effect. */
export function useObjectUrl(bytes: Uint8Array, mediaType: string): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const created = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: mediaType }));
    setUrl(created);
    return () => URL.revokeObjectURL(created);
  }, [bytes, mediaType]);
  return url;
}
