import * as l10n from "@vscode/l10n";
import type { ServedFunction } from "../../editor/namedFunction.ts";
import { InputError } from "../../inputs/inputError.ts";

/** Of a function of an account, whose file is not open. */
export function unknownDefinition({ functionName }: ServedFunction): InputError {
  return new InputError(
    functionName
      ? l10n.t`Modal does not tell where ${functionName} is defined; open its file, and try again.`
      : l10n.t("Modal does not tell where the function is defined; open its file, and try again."),
  );
}
