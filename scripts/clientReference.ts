import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Application,
  type Context,
  Converter,
  type DeclarationReflection,
  ReflectionGroup,
  ReflectionKind,
  type TypeDocOptions,
} from "typedoc";
import type { MarkdownApplication, PluginOptions } from "typedoc-plugin-markdown";
import { clientEntry } from "./clientLibrary.ts";
import { rootFolder } from "./project.ts";
import { ReferenceTheme } from "./referenceTheme.ts";

/** What comes first on the page. */
const FIRST = ["ModalClient", "FunctionService", "ModalFunction", "FunctionCallService", "FunctionCall", "Output"];

const OPTIONS: Partial<TypeDocOptions & PluginOptions> = {
  entryPoints: [clientEntry],
  tsconfig: join(rootFolder, "tsconfig.json"),
  skipErrorChecking: true, // `tsc` is a check of its own.
  plugin: ["typedoc-plugin-markdown"],
  router: "module",
  theme: "reference",
  logLevel: "Warn",
  excludeInternal: true,
  excludeExternals: true,
  sort: ["source-order"],
  validation: { notDocumented: true },
  requiredToBeDocumented: ["Class", "Interface", "TypeAlias", "Function", "Method", "Accessor"],
  // How the page looks.
  readme: "none",
  pageTitleTemplates: { index: "The client" },
  disableSources: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  useCodeBlocks: true,
  expandObjects: true,
  expandParameters: true,
  interfacePropertiesFormat: "table",
  classPropertiesFormat: "table",
  typeAliasPropertiesFormat: "table",
  tableColumnSettings: { hideModifiers: true, hideDefaults: true, hideInherited: true, hideOverrides: true },
};

/**
 * Makes the page of the client: its guide, then the reference from its docstrings.
 *
 * @throws Error something that users see has no docstring, or one refers to what is not there; typedoc has printed what
 */
export async function clientReference(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-reference-"));
  try {
    const app = await Application.bootstrapWithPlugins({ ...OPTIONS, out: folder });
    (app as MarkdownApplication).renderer.defineTheme("reference", ReferenceTheme);
    app.converter.on(Converter.EVENT_RESOLVE_BEGIN, tidy);
    const project = await app.convert();
    if (!project) throw new Error("The client's sources could not be read.");
    app.validate(project);
    project.groups = groupsOf(project.children ?? []);
    await app.generateOutputs(project);
    if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error("The client's docstrings have gaps.");
    const guide = await readFile(join(rootFolder, "src", "client", "guide.md"), "utf8");
    const reference = await readFile(join(folder, "README.md"), "utf8");
    return reference.replace(/^# .*\n/, () => guide);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Options that a method takes apart have no name; and what each error has from JavaScript's own would be half of the page. */
function tidy({ project }: Context): void {
  for (const reflection of Object.values(project.reflections)) {
    if (reflection.name === "__namedParameters") reflection.name = "options";
    if (!reflection.isDeclaration()) continue;
    if (!reflection.parent?.kindOf(ReflectionKind.Class)) continue;
    if (reflection.inheritedFrom || (reflection.overwrites && reflection.name === "name")) {
      project.removeReflection(reflection);
    }
  }
}

function groupsOf(children: readonly DeclarationReflection[]): ReflectionGroup[] {
  const errors = children.filter(isError);
  const others = children.filter((child) => !isError(child));
  return [
    group(
      "Classes",
      others.filter(hasMethods).sort((a, b) => place(a) - place(b)),
    ),
    group(
      "Options and answers",
      others.filter((child) => !hasMethods(child)),
    ),
    group("Errors", errors),
  ];
}

function group(title: string, members: DeclarationReflection[]): ReflectionGroup {
  const made = new ReflectionGroup(title, members[0] as DeclarationReflection);
  made.children = members;
  return made;
}

function place({ name }: DeclarationReflection): number {
  const index = FIRST.indexOf(name);
  return index < 0 ? FIRST.length : index;
}

function isError({ name, extendedTypes = [] }: DeclarationReflection): boolean {
  return (
    name === "ModalError" ||
    extendedTypes.some((type) => /^(ModalError|InvalidError|TimeoutError)$/.test(type.toString()))
  );
}

/** Whether it is a class; those that only the client makes are exported as types, which typedoc takes for interfaces. */
function hasMethods(child: DeclarationReflection): boolean {
  const isMethod = ({ kind }: DeclarationReflection) => kind === ReflectionKind.Method;
  return child.kind === ReflectionKind.Function || (child.children?.some(isMethod) ?? false);
}
