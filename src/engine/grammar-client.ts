/** GrammarClient: the front's side of structured outputs: sends the core the vocabulary, and asks whether a form can be had. */
import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { grammarKey } from "../grammar/grammar-key.js";
import { packVocabulary } from "../grammar/vocabulary.js";
import type { StructuredOutputs } from "../request/structured-outputs.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { RequestError } from "../util/errors.js";
import type { Transport } from "./transport.js";

/** Forms that are known to be right. */
const MAX_KNOWN = 4096;

export class GrammarClient {
  readonly #transport: Transport;
  readonly #tokenizer: Tokenizer | undefined;
  readonly #onMade: (ms: number) => void;
  /** Hashes, oldest first. */
  readonly #known = new Set<string>();
  #sent: Promise<void> | undefined;

  /** @param onMade told of the milliseconds that each new grammar took */
  constructor(transport: Transport, tokenizer: Tokenizer | undefined, onMade: (ms: number) => void = () => {}) {
    this.#onMade = onMade;
    this.#transport = transport;
    this.#tokenizer = tokenizer;
  }

  /** @throws RequestError (as a rejection) naming the field if this form cannot be had; EngineDeadError */
  async check(outputs: StructuredOutputs): Promise<void> {
    const key = createHash("sha256").update(grammarKey(outputs)).digest("base64");
    if (this.#known.has(key)) return;
    this.#sent ??= this.#sendVocabulary(outputs.field);
    try {
      await this.#sent;
    } catch (error) {
      this.#sent = undefined;
      throw error;
    }
    const begun = performance.now();
    await this.#transport.call("compileGrammar", outputs);
    this.#onMade(performance.now() - begun);
    this.#known.add(key);
    if (this.#known.size <= MAX_KNOWN) return;
    for (const oldest of this.#known) {
      this.#known.delete(oldest);
      break;
    }
  }

  async #sendVocabulary(field: string): Promise<void> {
    if (this.#tokenizer === undefined) {
      throw new RequestError(`${field}: structured outputs need a tokenizer, and this engine has none`, {
        param: field.split(".")[0]!,
      });
    }
    const vocabulary = await packVocabulary(this.#tokenizer, this.#transport.info.vocabSize, () => nextTurn());
    await this.#transport.call("setVocabulary", vocabulary);
  }
}
