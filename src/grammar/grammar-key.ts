/** Which structured outputs have the same grammar. */
import type { StructuredOutputs } from "../request/structured-outputs.js";

/** Equal for structured outputs that have the same grammar. */
export function grammarKey(outputs: StructuredOutputs): string {
  const { json, jsonObject, regex, choice, grammar, structuralTag, disableAnyWhitespace } = outputs;
  return JSON.stringify([json, jsonObject, regex, choice, grammar, structuralTag, disableAnyWhitespace]);
}
