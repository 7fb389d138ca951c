/** Whether a grammar takes a text: for tests of what is made into grammars. */
import { Compiler } from "../../src/grammar/compiler.js";
import type { GrammarSpec } from "../../src/grammar/grammar-spec.js";

/** @returns for texts: "yes", "no", or "more" where the text may go on but not end */
export async function textsOf(spec: GrammarSpec): Promise<(text: string) => Promise<"yes" | "no" | "more">> {
  const compiler = await Compiler.forChecks();
  await compiler.check(spec);
  await compiler.compile(0, spec);
  return async (text) => {
    const matcher = await compiler.matcher(0);
    try {
      for (const byte of new TextEncoder().encode(text)) if (!matcher.acceptToken(byte)) return "no";
      const mask = await matcher.getNextTokenBitmask();
      return (mask[compiler.vocabSize >> 5]! & (1 << (compiler.vocabSize & 31))) !== 0 ? "yes" : "more";
    } finally {
      matcher.dispose();
    }
  };
}
