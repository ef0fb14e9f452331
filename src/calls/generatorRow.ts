import type { GeneratorItem } from "../client/index.ts";
import type { ResultRow, ResultValue } from "./model.ts";
import { type Decodable, resultValue, valueSummary } from "./resultRow.ts";

/** What a list needs of an item, which has no container and no times of its own: it is shown with the time of its arrival. */
export function generatorRow(item: GeneratorItem, arrivedAt: number): ResultRow {
  return {
    index: item.index,
    inputId: "",
    status: "SUCCESS",
    ...valueSummary(decodable(item)),
    size: item.size,
    startedAt: arrivedAt,
    finishedAt: arrivedAt,
    containerId: "",
  };
}

/** The whole value of an item, as it is drawn. */
export function generatorValue(item: GeneratorItem): ResultValue {
  return resultValue(decodable(item));
}

function decodable(item: GeneratorItem): Decodable {
  return { status: "SUCCESS", exception: "", traceback: "", isLoaded: item.isLoaded, value: () => item.value() };
}
