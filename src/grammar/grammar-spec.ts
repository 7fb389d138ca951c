/** GrammarSpec: what a grammar thread compiles, as plain data; made from a request's structured outputs. */
import type { StructuredOutputs } from "../request/structured-outputs.js";
import { prepareJsonSchema } from "./json-schema.js";
import { checkNesting } from "./nesting.js";
import { prepareStructuralTag } from "./structural-tag.js";

/** One of three ways in which the grammar engine takes grammars. Equal keys are equal grammars. */
export interface GrammarSpec {
  readonly kind: "json" | "ebnf" | "tag";
  readonly text: string;
  /** Of "json": any blanks between the parts, or only those after ":" and ",". */
  readonly anyWhitespace: boolean;
}

/**
 * Choices and expressions become grammars; what the engine would get wrong without a word is refused here.
 * @throws RequestError naming the field
 */
export function grammarSpec(outputs: StructuredOutputs): GrammarSpec {
  const { field } = outputs;
  const anyWhitespace = !outputs.disableAnyWhitespace;
  if (outputs.json !== undefined) return spec("json", prepareJsonSchema(outputs.json, field), anyWhitespace);
  if (outputs.jsonObject !== undefined) return spec("json", '{"type":"object"}', anyWhitespace);
  if (outputs.choice !== undefined) return spec("ebnf", choiceGrammar(outputs.choice));
  if (outputs.regex !== undefined) {
    checkNesting(outputs.regex, "regex", field);
    return spec("tag", JSON.stringify({ type: "structural_tag", format: { type: "regex", pattern: outputs.regex } }));
  }
  if (outputs.grammar !== undefined) {
    checkNesting(outputs.grammar, "ebnf", field);
    return spec("ebnf", outputs.grammar);
  }
  return spec("tag", prepareStructuralTag(outputs.structuralTag!, field));
}

function spec(kind: GrammarSpec["kind"], text: string, anyWhitespace = true): GrammarSpec {
  return { kind, text, anyWhitespace };
}

/** EBNF for one of several texts. */
export function choiceGrammar(choices: readonly string[]): string {
  return `root ::= ${[...new Set(choices)].map(ebnfString).join(" | ")}`;
}

/** A text as a string of EBNF: everything but plain ASCII is escaped by its code point. */
export function ebnfString(text: string): string {
  let escaped = "";
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (character === '"' || character === "\\") escaped += `\\${character}`;
    else if (code >= 0x20 && code < 0x7f) escaped += character;
    else escaped += `\\U${code.toString(16).padStart(8, "0")}`;
  }
  return `"${escaped}"`;
}
