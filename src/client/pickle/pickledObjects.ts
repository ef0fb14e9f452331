/** What stands for Python objects while a pickle is read. None of it leaves this folder. */

/** The most that a module's or a class's name takes. */
export const MAX_NAME_CHARACTERS = 1_000;

/** A class or function, by name. It is never looked for, loaded or called. */
export class Global {
  readonly module: string;
  readonly name: string;
  /** Where in the pickle it was named: what is made with it begins here. */
  readonly position: number;

  constructor(module: string, name: string, position: number) {
    this.module = module;
    this.name = name;
    this.position = position;
  }
}

/** An object of a class that has no form in JavaScript. Only the size of what it is made of is kept. */
export class OpaqueObject {
  readonly module: string;
  readonly name: string;
  readonly #start: number;
  #end: number;

  constructor(module: string, name: string, start: number, end: number) {
    this.module = module;
    this.name = name;
    this.#start = start;
    this.#end = end;
  }

  get sizeBytes(): number {
    return this.#end - this.#start;
  }

  /** State or items were added to it, up to this position. */
  extend(position: number): void {
    this.#end = position;
  }
}
