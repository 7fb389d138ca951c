/** A tokenizer whose tokens are bytes, with an end-of-sequence and a beginning-of-sequence token. */
import type { Detokenizer } from "../../src/tokenizer/detokenizer.js";
import type { DecodeOptions, EncodeOptions, Tokenizer } from "../../src/tokenizer/tokenizer.js";
import { Utf8Stream } from "../../src/tokenizer/utf8-stream.js";

export const EOS = 256;
export const BOS = 257;
export const VOCAB_SIZE = 300;

const SPECIAL = new Map([
  [EOS, "</s>"],
  [BOS, "<s>"],
]);

/** Token ids of text, without special tokens. */
export function bytesOf(text: string): number[] {
  return [...Buffer.from(text)];
}

export class FakeTokenizer implements Tokenizer {
  readonly vocabSize = 258;
  readonly bosTokenId = BOS;
  readonly eosTokenId = EOS;
  readonly padTokenId = undefined;
  readonly specialTokens = { bos_token: "<s>", eos_token: "</s>" };
  readonly chatTemplate: string | undefined;
  readonly engine = "javascript";

  constructor(chatTemplate?: string) {
    this.chatTemplate = chatTemplate;
  }

  async encode(text: string, { addSpecialTokens = true }: EncodeOptions = {}): Promise<number[]> {
    return [...(addSpecialTokens && text !== "" ? [BOS] : []), ...bytesOf(text)];
  }

  decode(ids: readonly number[], options: DecodeOptions = {}): string {
    const detokenizer = this.createDetokenizer([], options);
    return detokenizer.push(ids) + detokenizer.flush();
  }

  tokenToId(token: string): number | undefined {
    return [...SPECIAL].find(([, name]) => name === token)?.[0];
  }

  idToToken(id: number): string | undefined {
    return SPECIAL.get(id) ?? (id < 256 ? String.fromCharCode(id) : undefined);
  }

  isSpecial(id: number): boolean {
    return SPECIAL.has(id);
  }

  tokenBytes(id: number): Uint8Array | undefined {
    const special = SPECIAL.get(id);
    if (special !== undefined) return Buffer.from(special);
    return id < 256 ? Uint8Array.of(id) : undefined;
  }

  createDetokenizer(_prompt: readonly number[], { skipSpecialTokens = true }: DecodeOptions = {}): Detokenizer {
    const stream = new Utf8Stream();
    return {
      push: (ids) => {
        let text = "";
        for (const id of ids) {
          const bytes = skipSpecialTokens && SPECIAL.has(id) ? undefined : this.tokenBytes(id);
          if (bytes !== undefined) text += stream.write(bytes);
        }
        return text;
      },
      flush: () => stream.end(),
    };
  }
}
