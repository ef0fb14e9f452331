import * as l10n from "@vscode/l10n";
import { type ExplorerNode, isExplorerNode } from "../explorer/nodes.ts";
import { InputError } from "../inputs/inputError.ts";
import type { Command } from "./table.ts";

/**
 * What a command is for, of what VS Code gives it. The menu and the buttons of a row give two things: the row, and which rows are
 * selected. The buttons of a view's title give one: the row that has the focus, which they are not for.
 *
 * While VS Code draws rows anew it knows none of them, and a command that is chosen at that moment is given nothing. One of a menu is
 * then for the row that has the focus; a button leaves the focus where it was.
 *
 * @throws InputError the row is not known any more
 */
export async function commandArgument(
  explorer: { focusedRow(): Promise<ExplorerNode | undefined> },
  { inViewTitle = false, onRows = false }: Pick<Command, "inViewTitle" | "onRows">,
  given: readonly unknown[],
): Promise<unknown> {
  const [argument] = given;
  if (given.length < 2) return inViewTitle && isExplorerNode(argument) ? undefined : argument;
  if (argument !== undefined && argument !== null) return argument;
  const row = onRows ? undefined : await explorer.focusedRow();
  if (row) return row;
  throw new InputError(l10n.t("The row was being drawn anew at that moment; choose the command on it once more."));
}
