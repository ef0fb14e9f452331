import * as vscode from "vscode";
import { type SettingName, type SettingValue, settingTable } from "./table.ts";

/**
 * What the user has set, otherwise the default.
 *
 * @param scope the file, document or folder that it is asked for, where that can make a difference
 */
export function readSetting<Name extends SettingName>(
  name: Name,
  scope?: vscode.ConfigurationScope,
): SettingValue<Name> {
  const value = vscode.workspace.getConfiguration(undefined, scope).get<SettingValue<Name>>(name);
  return value ?? (settingTable[name].default as SettingValue<Name>);
}
