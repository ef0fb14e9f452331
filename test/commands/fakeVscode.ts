/** As much of VS Code as tools of language models need, for tests that run without it. */

import type * as vscode from "vscode";

/** What a test can see and set. */
export const fakeVscode = {
  tools: new Map<string, vscode.LanguageModelTool<unknown>>(),
  settings: new Map<string, unknown>(),
  hasChat: true,
};

export class Disposable {
  readonly #end: () => void;

  constructor(end: () => void) {
    this.#end = end;
  }

  static from(...parts: readonly { dispose(): void }[]): Disposable {
    return new Disposable(() => {
      for (const part of parts) part.dispose();
    });
  }

  dispose(): void {
    this.#end();
  }
}

const registry = {
  registerTool(name: string, tool: vscode.LanguageModelTool<unknown>): Disposable {
    fakeVscode.tools.set(name, tool);
    return new Disposable(() => fakeVscode.tools.delete(name));
  },
};

export const lm = {
  get registerTool() {
    return fakeVscode.hasChat ? registry.registerTool : undefined;
  },
};

export const workspace = {
  isTrusted: true,
  getConfiguration: () => ({ get: (name: string) => fakeVscode.settings.get(name) }),
};

export class MarkdownString {
  value = "";

  appendText(text: string): this {
    this.value += text;
    return this;
  }

  appendMarkdown(text: string): this {
    this.value += text;
    return this;
  }

  appendCodeblock(text: string, language: string): this {
    this.value += `<${language}>${text}`;
    return this;
  }
}

export class LanguageModelTextPart {
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }
}

export class LanguageModelToolResult {
  readonly content: readonly unknown[];

  constructor(content: readonly unknown[]) {
    this.content = content;
  }
}

export class CancellationError extends Error {}
