import type { FileOpener } from "../host.ts";

/** Python's own form: https://docs.python.org/3/library/traceback.html */
const FRAME = /^(\s*)(File "([^"\n]{1,1000})", line (\d{1,9}))(.*)$/;
/** What is longer is cut in the middle by Python itself, but a function may raise anything. */
const MAX_LINES = 2_000;

/** A traceback whose places in files lead there. */
export function Traceback({ text, host }: { text: string; host: FileOpener }) {
  const lines = text.split("\n", MAX_LINES);
  return (
    <pre class="long-text">
      {lines.map((line, number) => (
        <TracebackLine key={number} line={line} host={host} />
      ))}
    </pre>
  );
}

function TracebackLine({ line, host }: { line: string; host: FileOpener }) {
  const [, indent, place, path, number, rest] = FRAME.exec(line) ?? [];
  if (path === undefined) return `${line}\n`;
  return (
    <>
      {indent}
      <button type="button" class="link-button mono" onClick={() => host.openFile(path, Number(number))}>
        {place}
      </button>
      {`${rest}\n`}
    </>
  );
}
