import type { GeneratorItem } from "../../client/index.ts";
import type { ResultRow } from "../model.ts";
import type { Decodable } from "./decodedResult.ts";
import { valueSummary } from "./resultRow.ts";

/** What a list needs of an item, which has no container and no times of its own: it is shown with the time of its arrival. */
export function generatorRow(item: GeneratorItem, arrivedAt: number): ResultRow {
  return {
    index: item.index,
    inputId: "",
    status: "SUCCESS",
    ...valueSummary(decodableItem(item)),
    size: item.size,
    startedAt: arrivedAt,
    finishedAt: arrivedAt,
    containerId: "",
  };
}

/** An item as something that has a value. */
export function decodableItem(item: GeneratorItem): Decodable {
  return { status: "SUCCESS", exception: "", traceback: "", isLoaded: item.isLoaded, value: () => item.value() };
}
