/** How a single token is shown in logprobs: its text, also where it is a part of a character, and its bytes. */
import type { Tokenizer } from "./tokenizer.js";
import { decodeStrict } from "./utf8-stream.js";

/** A character has at most four bytes, so at most so many tokens before one can belong to it. */
const MAX_CONTEXT = 4;

const REPLACEMENT = "\uFFFD";

/**
 * The text of one token: what `decode` gives for it alone, special tokens shown. A token that ends within a character
 * gives an empty text, and the one that completes it, in the context, gives the whole character.
 * @param contextIds  the tokens before it; the last four are looked at
 */
export function logprobTokenText(tokenizer: Tokenizer, id: number, contextIds: readonly number[] = []): string {
  const decode = (ids: readonly number[]): string => tokenizer.decode(ids, { skipSpecialTokens: false });
  const text = decode([id]);
  if (!text.endsWith(REPLACEMENT)) return text;
  const bytes = tokenizer.tokenBytes(id);
  if (bytes !== undefined && decodeStrict(bytes) !== undefined) return text; // the character U+FFFD itself
  for (let length = 1; length <= Math.min(MAX_CONTEXT, contextIds.length); length++) {
    const context = contextIds.slice(-length);
    const whole = decode([...context, id]);
    if (whole.endsWith(REPLACEMENT)) continue;
    // Parts of the same character showed no text of their own: only what stands before them is taken off.
    while (context.length > 0 && decode([context.at(-1)!]).endsWith(REPLACEMENT)) context.pop();
    return withoutStart(whole, decode(context));
  }
  return "";
}

function withoutStart(text: string, start: string): string {
  let length = 0;
  while (length < start.length && text[length] === start[length]) length++;
  return text.slice(length);
}

/** The bytes that the token adds to a text, as OpenAI's `bytes` lists them; null for an id outside the vocabulary. */
export function logprobTokenBytes(tokenizer: Tokenizer, id: number): number[] | null {
  const bytes = tokenizer.tokenBytes(id);
  return bytes === undefined ? null : Array.from(bytes);
}
