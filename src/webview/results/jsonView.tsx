import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import type { ShownValue } from "../../panel/messages.ts";
import { LongText } from "../parts/longText.tsx";
import { jsonTokens } from "./jsonText.ts";
import { RecordTable } from "./recordTable.tsx";
import type { LoadPart } from "./valueParts.ts";
import { ValueTree } from "./valueTree.tsx";

type JsonValue = Extract<ShownValue, { kind: "json" }>;
type View = "table" | "tree" | "text";

/** Data that is no text: as a tree, as text, and a list of dictionaries as a table. */
export function JsonView({ value, load }: { value: JsonValue; load: LoadPart }) {
  const views = viewsOf(value);
  const chosen = useSignal<View>(views[0] ?? "text");
  return (
    <>
      {views.length > 1 && (
        <fieldset class="status-filter value-views" aria-label={l10n.t("Show as")}>
          {views.map((view) => (
            <button
              key={view}
              type="button"
              class="status-button"
              aria-pressed={view === chosen.value}
              onClick={() => {
                chosen.value = view;
              }}
            >
              {viewName(view)}
            </button>
          ))}
        </fieldset>
      )}
      <ChosenView view={chosen.value} value={value} load={load} />
    </>
  );
}

function ChosenView({ view, value, load }: { view: View; value: JsonValue; load: LoadPart }) {
  switch (view) {
    case "table":
      return (
        <RecordTable
          columns={value.columns ?? []}
          count={value.root.children}
          load={async (start, end) => (await load({ of: "records", start, end })).records ?? []}
        />
      );
    case "tree":
      return (
        <ValueTree
          root={value.root}
          load={async (path, start, end) => (await load({ of: "nodes", path, start, end })).nodes ?? []}
        />
      );
    case "text":
      return (
        <LongText
          text={value.text}
          length={value.length}
          load={async (start, end) => (await load({ of: "text", start, end })).text ?? ""}
          paint={paintJson}
        />
      );
  }
}

/** The one that says most first. */
function viewsOf({ columns, root }: JsonValue): readonly View[] {
  if (columns) return ["table", "tree", "text"];
  return root.children > 0 ? ["text", "tree"] : ["text"];
}

function viewName(view: View): string {
  switch (view) {
    case "table":
      return l10n.t("Table");
    case "tree":
      return l10n.t("Tree");
    case "text":
      return l10n.t("Text");
  }
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
