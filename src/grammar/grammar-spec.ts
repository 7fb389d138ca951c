/** GrammarSpec: what a grammar thread compiles, as plain data; made from a request's structured outputs. */
import type { StructuredOutputs } from "../request/structured-outputs.js";
import { ebnfString, GrammarWriter } from "./grammar-writer.js";
import { jsonSchemaGrammar } from "./json-schema.js";
import { regexGrammar } from "./regex-grammar.js";
import { prepareStructuralTag } from "./structural-tag.js";
import { prepareGrammar } from "./user-grammar.js";

/** In one of two ways: EBNF, or a structural tag as JSON. */
export interface GrammarSpec {
  readonly kind: "ebnf" | "tag";
  readonly text: string;
}

/**
 * Schemas, expressions and choices become grammars.
 * @throws FormError that says what cannot be had
 */
export function grammarSpec(outputs: StructuredOutputs): GrammarSpec {
  const anyWhitespace = !outputs.disableAnyWhitespace;
  if (outputs.json !== undefined) return { kind: "ebnf", text: jsonSchemaGrammar(outputs.json, { anyWhitespace }) };
  if (outputs.jsonObject !== undefined)
    return { kind: "ebnf", text: jsonSchemaGrammar('{"type":"object"}', { anyWhitespace }) };
  if (outputs.choice !== undefined) return { kind: "ebnf", text: choiceGrammar(outputs.choice) };
  if (outputs.regex !== undefined) return { kind: "ebnf", text: wholeRegex(outputs.regex) };
  if (outputs.grammar !== undefined) {
    return { kind: "ebnf", text: prepareGrammar(outputs.grammar) };
  }
  return { kind: "tag", text: prepareStructuralTag(outputs.structuralTag!, anyWhitespace) };
}

/** EBNF for one of several texts. */
export function choiceGrammar(choices: readonly string[]): string {
  return `root ::= ${[...new Set(choices)].map(ebnfString).join(" | ")}`;
}

/** EBNF for texts that match as a whole. */
export function wholeRegex(text: string): string {
  const writer = new GrammarWriter();
  return writer.text(regexGrammar(writer, text, false));
}
