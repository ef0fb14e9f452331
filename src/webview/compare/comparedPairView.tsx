import * as l10n from "@vscode/l10n";
import type { ComparedPair, CompareSide, Sides, ValueDifference } from "../../panel/compareMessages.ts";
import { formatCount } from "../format.ts";
import { IconButton } from "../parts/icon.tsx";
import { ResultValueView } from "../results/resultValueView.tsx";
import type { ComparePage } from "./comparePage.ts";

const MAX_DIFFERENCES = 200;

interface ComparedPairProps {
  readonly page: ComparePage;
  readonly names: Sides<string>;
  readonly index: number;
}

/** Both results of an input: where they differ, and each in full. */
export function ComparedPairView({ page, names, index }: ComparedPairProps) {
  const pair = page.pair.value;
  return (
    <section class="compare-pair" aria-label={l10n.t`Result ${index}`}>
      <div class="detail-head">
        <strong>{formatCount(index)}</strong>
        <span class="quiet">{pair && summary(pair)}</span>
        <span class="detail-actions">
          <IconButton icon="diff" label={l10n.t("Open Differences")} onClick={() => page.openDifferences(index)} />
          <IconButton icon="close" label={l10n.t("Close Results")} onClick={() => page.open(undefined)} />
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it. */}
      <div class="compare-body" tabIndex={0}>
        {!pair && <p class="quiet">{l10n.t("Loading…")}</p>}
        {pair?.differences && pair.differences.length > 0 && (
          <Differences names={names} differences={pair.differences} />
        )}
        {pair && (
          <div class="compare-values">
            <SideValue page={page} name={names.left} side="left" pair={pair} />
            <SideValue page={page} name={names.right} side="right" pair={pair} />
          </div>
        )}
      </div>
    </section>
  );
}

function summary({ differences }: ComparedPair): string {
  if (!differences) return "";
  const found = differences.length;
  if (found === 0) return l10n.t("No difference in what can be read of them.");
  if (found >= MAX_DIFFERENCES) return l10n.t`The first ${formatCount(found)} differences`;
  return found === 1 ? l10n.t("1 difference") : l10n.t`${formatCount(found)} differences`;
}

function Differences({ names, differences }: { names: Sides<string>; differences: readonly ValueDifference[] }) {
  return (
    <table class="record-table difference-table mono">
      <thead>
        <tr>
          <th scope="col">{l10n.t("Where")}</th>
          <th scope="col">{names.left}</th>
          <th scope="col">{names.right}</th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ path, left, right }, position) => (
          <tr key={position}>
            <th scope="row">{path || l10n.t("The value")}</th>
            <td class="difference-left">{left === undefined ? <Nothing /> : <del>{left}</del>}</td>
            <td class="difference-right">{right === undefined ? <Nothing /> : <ins>{right}</ins>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Nothing() {
  return <span class="quiet">{l10n.t("is not there")}</span>;
}

interface SideValueProps {
  readonly page: ComparePage;
  readonly name: string;
  readonly side: CompareSide;
  readonly pair: ComparedPair;
}

function SideValue({ page, name, side, pair }: SideValueProps) {
  const value = pair.values[side];
  return (
    <section class="compare-value" aria-label={name}>
      <h2>{name}</h2>
      {value.state === "none" && <p class="quiet">{l10n.t("No result.")}</p>}
      {value.state === "failed" && <p class="error-message">{value.message}</p>}
      {value.state === "ready" && (
        <ResultValueView value={value.value} load={(part) => page.parts[side].ask(pair.index, part)} host={page} />
      )}
    </section>
  );
}
