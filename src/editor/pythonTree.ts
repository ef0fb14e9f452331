import { type Tree, TreeFragment } from "@lezer/common";
import { parser } from "@lezer/python";

/** A piece of text that was replaced: `length` characters at `offset`, before the change. */
export interface TextChange {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** The syntax tree of a Python text that is being edited. Only what a change touches is parsed again. */
export class PythonTree {
  #text: string;
  #tree: Tree;
  #fragments: readonly TreeFragment[];

  constructor(text: string) {
    this.#text = text;
    this.#tree = parser.parse(text);
    this.#fragments = TreeFragment.addTree(this.#tree);
  }

  get text(): string {
    return this.#text;
  }

  get tree(): Tree {
    return this.#tree;
  }

  /** @param changes applied one after the other, each to the text that the one before left */
  edit(changes: readonly TextChange[]): void {
    for (const { offset, length, text } of changes) {
      this.#text = this.#text.slice(0, offset) + text + this.#text.slice(offset + length);
      const range = { fromA: offset, toA: offset + length, fromB: offset, toB: offset + text.length };
      this.#fragments = TreeFragment.applyChanges(this.#fragments, [range]);
    }
    this.#tree = parser.parse(this.#text, this.#fragments);
    this.#fragments = TreeFragment.addTree(this.#tree, this.#fragments);
  }
}
