import * as vscode from "vscode";
import { commandArgument } from "./commandArgument.ts";
import { reportError } from "./reportError.ts";
import type { Services } from "./services.ts";
import { type Command, commandTable, needsTrust } from "./table.ts";
import { requireTrust } from "./workspaceTrust.ts";

/** Makes every command of the table known to VS Code. A failure is told to the user; the caller gets undefined. */
export function registerCommands(services: Services): vscode.Disposable {
  const registrations = Object.entries<Command>(commandTable).map(([id, command]) =>
    vscode.commands.registerCommand(id, async (...given: unknown[]) => {
      try {
        if (needsTrust(command)) requireTrust();
        return await command.run(services, await commandArgument(services.explorer, command, given));
      } catch (error) {
        reportError(services.log, error);
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}
