import * as vscode from "vscode";
import { reportError } from "./reportError.ts";
import type { Services } from "./services.ts";
import { type Command, commandTable, needsTrust } from "./table.ts";
import { requireTrust } from "./workspaceTrust.ts";

/** Makes every command of the table known to VS Code. A failure is told to the user; the caller gets undefined. */
export function registerCommands(services: Services): vscode.Disposable {
  const registrations = Object.entries<Command>(commandTable).map(([id, command]) =>
    vscode.commands.registerCommand(id, async (argument: unknown) => {
      try {
        if (needsTrust(command)) requireTrust();
        return await command.run(services, argument);
      } catch (error) {
        reportError(services.log, error);
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}
