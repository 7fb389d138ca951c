/** GrammarWriter: rules of EBNF while they are being made. */

/** Characters of a grammar; larger ones take minutes to compile. */
const MAX_LENGTH = 4 * 1024 * 1024;

/** What is wrong with a form, without the name of the request's field. */
export class FormError extends Error {}

export class GrammarWriter {
  readonly #bodies = new Map<string, string>();
  readonly #byBody = new Map<string, string>();
  #length = 0;
  #serial = 0;

  /** A rule of this body; equal bodies are one rule. */
  rule(body: string): string {
    const known = this.#byBody.get(body);
    if (known !== undefined) return known;
    const name = this.reserve();
    this.define(name, body);
    this.#byBody.set(body, name);
    return name;
  }

  /** A name to be defined later: for rules that name themselves. */
  reserve(): string {
    return `r${this.#serial++}`;
  }

  /** @throws FormError if the grammar gets too large */
  define(name: string, body: string): void {
    this.#length += name.length + body.length;
    if (this.#length > MAX_LENGTH) throw new FormError("its grammar gets too large");
    this.#bodies.set(name, body);
  }

  /** The whole grammar. */
  text(root: string): string {
    const rules = [...this.#bodies].map(([name, body]) => `${name} ::= ${body}\n`);
    return `root ::= ${root}\n${rules.join("")}`;
  }
}

/** A text as a string of EBNF: everything but plain ASCII is escaped by its code point. */
export function ebnfString(text: string): string {
  let escaped = "";
  // The grammar engine reads hexadecimal digits behind a code point as a part of it.
  let isOpen = false;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    const isPlain: boolean = code >= 0x20 && code < 0x7f && !(isOpen && /[0-9a-fA-F]/.test(character));
    isOpen = !isPlain;
    if (character === '"' || character === "\\") escaped += `\\${character}`;
    else escaped += isPlain ? character : `\\U${code.toString(16).padStart(8, "0")}`;
  }
  return `"${escaped}"`;
}
