/** A vocabulary that stays the text it was in tokenizer.json: a token is read when it is asked for. */
import type { AddedToken } from "./tokenizer-json.js";
import { endOfString } from "./tokenizer-outline.js";
import type { TokenizerOutline } from "./tokenizer-outline.js";
import type { TokenTable } from "./vocabulary.js";

/**
 * The table of an outline, the added tokens over it.
 * @param size highest id + 1, added tokens included
 */
export function tableOfOutline(
  { vocabulary, positions }: Pick<TokenizerOutline, "vocabulary" | "positions">,
  added: readonly AddedToken[],
  size: number,
): TokenTable {
  const text = Buffer.from(vocabulary.buffer, vocabulary.byteOffset, vocabulary.byteLength);
  const over = new Map(added.map(({ id, content }) => [id, content]));
  const tokenAt = (id: number): string | undefined => {
    const start = positions[id] ?? -1;
    if (start < 0) return undefined;
    return JSON.parse(text.toString("utf8", start, endOfString(text, start))) as string;
  };
  let ids: Map<string, number> | undefined;
  const allIds = (): Map<string, number> => {
    const all = new Map<string, number>();
    for (let id = 0; id < positions.length; id++) {
      const token = tokenAt(id);
      if (token !== undefined) all.set(token, id);
    }
    for (const { id, content } of added) all.set(content, id);
    return all;
  };
  return {
    size,
    tokenOf: (id) => over.get(id) ?? tokenAt(id),
    idOf: (token) => (ids ??= allIds()).get(token),
  };
}
