/** Grammars that users write: checked, and their character classes put as the grammar engine understands them. */
import { classOf } from "./code-points.js";
import { FormError } from "./grammar-writer.js";
import { checkNesting } from "./nesting.js";
import { parseRegex } from "./regex.js";

/**
 * @param text EBNF
 * @returns    the same language
 * @throws FormError for what is nested too deep, and classes that cannot be had
 */
export function prepareGrammar(text: string): string {
  checkNesting(text);
  // Strings and comments stand as they are; so do classes of ASCII alone.
  return text.replace(/"(?:[^"\\]|\\.)*"|#[^\n]*|\[(?:[^\]\\]|\\.)*\]/gs, (part) =>
    part.startsWith("[") && isBeyondAscii(part) ? rewritten(part) : part,
  );
}

function isBeyondAscii(part: string): boolean {
  return /[^\0-\x7f]|\\[uUx]/.test(part);
}

function rewritten(part: string): string {
  try {
    const node = parseRegex(part);
    if (node.kind === "set") return classOf(node.set) ?? part;
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    throw new FormError(`the character class ${part.slice(0, 60)}: ${error.message}`);
  }
  return part;
}
