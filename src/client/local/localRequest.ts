import type { SourcePlace } from "./functionSource.ts";

/** What the Python side is asked for: the header of the one frame that it is sent. */
export interface LocalRequest {
  readonly path: string;
  readonly qualname: string;
  readonly app: string;
  readonly parameter_texts: Readonly<Record<string, string>>;
  /** One value, a generator's items, whatever the function gives, or where it is defined. */
  readonly wanted: "value" | "items" | "any" | "definition";
}

export function localRequest(place: SourcePlace, wanted: LocalRequest["wanted"]): LocalRequest {
  const { path, qualname, appName, parameterTexts } = place;
  return { path, qualname, app: appName, parameter_texts: parameterTexts, wanted };
}
