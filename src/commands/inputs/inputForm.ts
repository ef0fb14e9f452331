import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import {
  describeField,
  type FieldValues,
  fieldText,
  type InputField,
  missingFields,
  parseField,
  typeText,
} from "../../inputs/inputField.ts";

/** Fields that belong together, under a line that names them. */
export interface FieldGroup {
  readonly label: string;
  readonly fields: readonly InputField[];
  /** What is there at first. */
  readonly values: FieldValues;
}

/** What the form asks for, and what its first row does. */
export interface InputForm<Button extends vscode.QuickInputButton> {
  readonly title: string;
  readonly groups: readonly FieldGroup[];
  /** E.g. `Run`. */
  readonly verb: string;
  /** Other ways to give the inputs. */
  readonly buttons: readonly Button[];
}

/** What the user chose: to go on with the values of each group, or another way, with the values so far. */
export interface FormAnswer<Button> {
  readonly values: readonly FieldValues[];
  /** Undefined to go on. */
  readonly button: Button | undefined;
}

interface FieldRow extends vscode.QuickPickItem {
  readonly group: number;
  readonly field: InputField;
}

interface GoRow extends vscode.QuickPickItem {
  readonly go: true;
}

type FormRow = FieldRow | GoRow | vscode.QuickPickItem;

/**
 * Asks for several values as VS Code asks for one: a list with a row for each field and its value; a row that is chosen asks for its
 * value, with what is wrong beside it. The row to go on with is the active one as soon as nothing is missing.
 *
 * @returns undefined when the user gives up
 */
export async function askForm<Button extends vscode.QuickInputButton>(
  form: InputForm<Button>,
): Promise<FormAnswer<Button> | undefined> {
  const values = form.groups.map((group) => ({ ...group.values }) as Record<string, unknown>);
  for (;;) {
    const missing = firstMissing(form, values);
    const { row, button } = await chooseRow(form, values, missing);
    if (button) return { values, button };
    if (!row) return undefined;
    const asked = "field" in row ? row : missing;
    if (!asked) return { values, button: undefined };
    const text = await askField(asked.field, values[asked.group]?.[asked.field.name]);
    const group = values[asked.group];
    if (text !== undefined && group) setValue(group, asked.field.name, parseField(asked.field, text));
  }
}

interface MissingField {
  readonly group: number;
  readonly field: InputField;
}

function firstMissing(form: InputForm<never> | InputForm<vscode.QuickInputButton>, values: readonly FieldValues[]) {
  const missing = form.groups.flatMap(({ fields }, group): MissingField[] => {
    return missingFields(fields, values[group] ?? {}).map((field) => ({ group, field }));
  });
  return missing[0];
}

function setValue(group: Record<string, unknown>, name: string, value: unknown): void {
  if (value === undefined) delete group[name];
  else group[name] = value;
}

interface Chosen<Button> {
  readonly row?: FormRow | undefined;
  readonly button?: Button | undefined;
}

function chooseRow<Button extends vscode.QuickInputButton>(
  form: InputForm<Button>,
  values: readonly Record<string, unknown>[],
  missing: MissingField | undefined,
): Promise<Chosen<Button>> {
  return new Promise((resolve) => {
    const pick = vscode.window.createQuickPick<FormRow>();
    const show = () => {
      pick.items = rowsOf(form, values);
      const active = pick.items.find((row) => (missing ? "field" in row && row.field === missing.field : "go" in row));
      if (active) pick.activeItems = [active];
    };
    pick.title = form.title;
    pick.placeholder = missing
      ? l10n.t`${missing.field.name} is needed`
      : l10n.t`${form.verb}, or choose a value to change`;
    pick.ignoreFocusOut = true;
    pick.buttons = form.buttons;
    show();
    pick.onDidAccept(() => {
      resolve({ row: pick.activeItems[0] });
      pick.hide();
    });
    pick.onDidTriggerButton((button) => {
      resolve({ button: form.buttons.find((candidate) => candidate === button) });
      pick.hide();
    });
    pick.onDidTriggerItemButton(({ item }) => {
      if (!("field" in item)) return;
      delete values[item.group]?.[item.field.name];
      show();
    });
    pick.onDidHide(() => {
      resolve({});
      pick.dispose();
    });
    pick.show();
  });
}

function rowsOf({ verb, groups }: InputForm<vscode.QuickInputButton>, values: readonly FieldValues[]): FormRow[] {
  const go: GoRow = { label: verb, iconPath: new vscode.ThemeIcon("play"), alwaysShow: true, go: true };
  const rows = groups.flatMap(({ label, fields }, group): FormRow[] => {
    const members = fields.map((field) => fieldRow(field, group, values[group]?.[field.name]));
    return members.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...members];
  });
  return [go, ...rows];
}

function fieldRow(field: InputField, group: number, value: unknown): FieldRow {
  const isSet = value !== undefined;
  const type = field.type.base === "unknown" ? "" : `: ${typeText(field.type)}`;
  return {
    label: `${field.name}${type}`,
    description: isSet ? fieldText(field, value) || '""' : unsetText(field),
    iconPath: new vscode.ThemeIcon(isSet || field.hasDefault ? "symbol-parameter" : "circle-large-outline"),
    buttons:
      isSet && field.hasDefault ? [{ iconPath: new vscode.ThemeIcon("discard"), tooltip: l10n.t("Use Default") }] : [],
    group,
    field,
  };
}

function unsetText(field: InputField): string {
  if (!field.hasDefault) return l10n.t("needed");
  return field.default === undefined ? l10n.t("default") : l10n.t`${fieldText(field, field.default) || '""'} (default)`;
}

/** @returns what was typed, or undefined to go back to the form */
async function askField(field: InputField, value: unknown): Promise<string | undefined> {
  if (field.type.base === "bool") return askBoolean(field);
  const wanted = describeField(field);
  return vscode.window.showInputBox({
    title: field.name,
    prompt: field.hasDefault ? l10n.t`Give ${wanted}, or nothing for the default.` : l10n.t`Give ${wanted}.`,
    value: fieldText(field, value),
    ignoreFocusOut: true,
    validateInput: (text) => problemOf(() => parseField(field, text)),
  });
}

async function askBoolean(field: InputField): Promise<string | undefined> {
  const rows = [
    { label: "True", text: "true" },
    { label: "False", text: "false" },
    ...(field.hasDefault ? [{ label: l10n.t("Default"), text: "" }] : []),
  ];
  return (await vscode.window.showQuickPick(rows, { placeHolder: field.name, ignoreFocusOut: true }))?.text;
}

/** What is wrong with a text, as an input box shows it. */
export function problemOf(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
