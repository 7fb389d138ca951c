import type { Piece, SentencePieceModel } from "./sentencepiece-model.js";
import type { TokenizerJson } from "./tokenizer-json.js";
import type { TokenizerConfig } from "./tokenizer-config.js";
/**
 * The merges that a scored vocabulary implies: every split of a piece into two pieces, best score first.
 * A SentencePiece BPE model stores only pieces; joining the pair with the best score is the same as the first merge.
 */
export declare function mergesFromScores(pieces: readonly Piece[]): [string, string][];
/**
 * Converts the model. `config.legacy` (default true) puts a space before every stretch of text between special tokens,
 * false before the first alone; `config.addPrefixSpace` overrides the model's own dummy prefix.
 * @throws CheckpointError if a Unigram model has no unknown token
 */
export declare function sentencePieceTokenizerJson(model: SentencePieceModel, config: Pick<TokenizerConfig, "legacy" | "addPrefixSpace">, where: string): TokenizerJson;
/** The configuration completed by the names of the model's own BOS, EOS, PAD and unknown tokens. */
export declare function withModelTokens(config: TokenizerConfig, model: SentencePieceModel): TokenizerConfig;
