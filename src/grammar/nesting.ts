/** How deep parentheses may go in grammars and expressions: the grammar engine recurses on a small stack of its own. */
import { FormError } from "./grammar-writer.js";

export const MAX_NESTING = 48;

/** @param text EBNF; @throws FormError */
export function checkNesting(text: string): void {
  let depth = 0;
  /** What ends the string, class or comment that we are in. */
  let until = "";
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === "\\" && until !== "\n") i++;
    else if (until !== "") {
      if (character === until) until = "";
    } else if (character === "[") until = "]";
    else if (character === '"') until = '"';
    else if (character === "#") until = "\n";
    else if (character === ")") depth--;
    else if (character === "(" && ++depth > MAX_NESTING)
      throw new FormError(`parentheses may be at most ${MAX_NESTING} deep`);
  }
}
