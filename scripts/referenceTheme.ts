import {
  type Comment,
  type DeclarationHierarchy,
  type DeclarationReflection,
  ReferenceType,
  type Reflection,
  ReflectionKind,
  type SignatureReflection,
} from "typedoc";
import { type MarkdownPageEvent, MarkdownTheme, type MarkdownThemeContext } from "typedoc-plugin-markdown";

/** The plugin's own theme, with a line where that has a section: a method is its signature, its docstring and a short list. */
export class ReferenceTheme extends MarkdownTheme {
  override getRenderContext(page: MarkdownPageEvent<Reflection>): MarkdownThemeContext {
    const context = super.getRenderContext(page);
    const { partials } = context;
    Object.assign(partials, {
      inheritance: () => "",
      hierarchy: (model: DeclarationHierarchy) => parentClass(model, context),
      signature: (model: SignatureReflection) => `${partials.signatureTitle(model)}\n\n${description(model, context)}`,
      accessor: ({ getSignature }: DeclarationReflection) =>
        getSignature &&
        `${partials.signatureTitle(getSignature, { accessor: "get" })}\n\n${description(getSignature, context)}`,
    });
    return context;
  }
}

/** The line about the class that a class extends; the tables of interfaces hold what is inherited. */
function parentClass({ types: [parent], isTarget }: DeclarationHierarchy, { helpers }: MarkdownThemeContext): string {
  const isClass = parent instanceof ReferenceType && parent.reflection?.kindOf(ReflectionKind.Class);
  return isClass && !isTarget ? `Extends ${helpers.getHierarchyType(parent, { isTarget: false })}.` : "";
}

function description(signature: SignatureReflection, context: MarkdownThemeContext): string {
  const { comment, parameters = [] } = signature;
  const lines = parameters.map(({ name, comment }) => comment && `- \`${name}\`: ${text(comment.summary, context)}`);
  const throws = comment?.blockTags.filter(({ tag }) => tag === "@throws") ?? [];
  const returns = comment?.getTag("@returns");
  if (returns) lines.push(`- Returns ${text(returns.content, context)}`);
  lines.push(...throws.map(({ content }) => `- Throws ${withErrorLinks(text(content, context))}`));
  const summary = context.helpers.getCommentParts(comment?.summary ?? []);
  return [summary, lines.filter(Boolean).join("\n")].filter(Boolean).join("\n\n");
}

/** A comment's text on one line. */
function text(parts: Comment["summary"], { helpers }: MarkdownThemeContext): string {
  return helpers.getCommentParts(parts).replaceAll("\n", " ");
}

/** Every class of errors has a heading on the page. */
function withErrorLinks(sentence: string): string {
  return sentence.replace(/(?<!\[)\b[A-Z]\w+(?:Error|Failure)\b/g, (name) => `[${name}](#${name.toLowerCase()})`);
}
