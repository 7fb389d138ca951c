/** How deep parentheses may go in grammars and expressions: the grammar engine recurses on a small stack of its own. */
import { fieldError } from "./field-error.js";

export const MAX_NESTING = 48;

/**
 * @param kind how quotes, classes and comments are written
 * @throws RequestError naming the field
 */
export function checkNesting(text: string, kind: "regex" | "ebnf", field: string): void {
  if (deepest(text, kind) <= MAX_NESTING) return;
  throw fieldError(field, `parentheses may be at most ${MAX_NESTING} deep`);
}

function deepest(text: string, kind: "regex" | "ebnf"): number {
  let depth = 0;
  let most = 0;
  /** What ends the string, class or comment that we are in. */
  let until = "";
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === "\\" && until !== "\n") i++;
    else if (until !== "") {
      if (character === until) until = "";
    } else if (character === "[") until = "]";
    else if (kind === "ebnf" && character === '"') until = '"';
    else if (kind === "ebnf" && character === "#") until = "\n";
    else if (character === "(") most = Math.max(most, ++depth);
    else if (character === ")") depth--;
  }
  return most;
}
