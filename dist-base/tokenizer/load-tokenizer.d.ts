import type { EngineOptions } from "./encode-engine.js";
import type { Tokenizer } from "./tokenizer.js";
/** The files of the tokenizer in the folder, or undefined if it has none. */
export declare function findTokenizerFiles(folder: string): readonly string[] | undefined;
/**
 * Loads a tokenizer from tokenizer.json, tokenizer.model (SentencePiece) or vocab.json + merges.txt (GPT-2), with
 * tokenizer_config.json, special_tokens_map.json and chat_template.jinja beside it where they are.
 * @throws CheckpointError if there is none, or it is damaged
 */
export declare function loadTokenizer(folder: string, options?: EngineOptions): Promise<Tokenizer>;
