/** A SentencePiece model as a tokenizer.json object, in the way of Hugging Face's converters. */
import { CheckpointError } from "../util/errors.js";
import { PIECE_TYPE } from "./sentencepiece-model.js";
import type { Piece, SentencePieceModel } from "./sentencepiece-model.js";
import { addedToken } from "./tokenizer-json.js";
import type { AddedToken, StepJson, TokenizerJson } from "./tokenizer-json.js";
import type { TokenizerConfig } from "./tokenizer-config.js";

const SPACE = "▁";

/**
 * The merges that a scored vocabulary implies: every split of a piece into two pieces, best score first.
 * A SentencePiece BPE model stores only pieces; joining the pair with the best score is the same as the first merge.
 */
export function mergesFromScores(pieces: readonly Piece[]): [string, string][] {
  const ids = new Map<string, number>();
  const isJoinable = ({ type }: Piece): boolean =>
    type === PIECE_TYPE.normal || type === PIECE_TYPE.userDefined || type === PIECE_TYPE.unused;
  pieces.forEach((piece, id) => {
    if (isJoinable(piece)) ids.set(piece.text, id);
  });
  const merges: { left: string; right: string; score: number }[] = [];
  for (const [text, id] of ids) {
    const splits: [number, number, number][] = [];
    for (let at = 1; at < text.length; at++) {
      const left = ids.get(text.slice(0, at));
      const right = left === undefined ? undefined : ids.get(text.slice(at));
      if (right !== undefined) splits.push([left!, right, at]);
    }
    splits.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    for (const [, , at] of splits)
      merges.push({ left: text.slice(0, at), right: text.slice(at), score: pieces[id]!.score });
  }
  const length = (text: string): number => [...text].length;
  merges.sort((a, b) => b.score - a.score || length(b.left) - length(a.left) || length(b.right) - length(a.right));
  return merges.map(({ left, right }) => [left, right]);
}

function unigramModel(model: SentencePieceModel, where: string): TokenizerJson["model"] {
  if (model.unkId < 0 || model.unkId >= model.pieces.length) {
    throw new CheckpointError(`${where}: unknown-token id ${model.unkId} is outside the ${model.pieces.length} pieces`);
  }
  const vocab = model.pieces.map(({ text, score }): [string, number] => [text, score]);
  return { type: "Unigram", unk_id: model.unkId, vocab, byte_fallback: model.byteFallback };
}

function bpeModel(model: SentencePieceModel): TokenizerJson["model"] {
  return {
    type: "BPE",
    dropout: null,
    unk_token: model.pieces[model.unkId]?.text ?? null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: true,
    byte_fallback: model.byteFallback,
    ignore_merges: false,
    vocab: Object.fromEntries(model.pieces.map(({ text }, id) => [text, id])),
    merges: mergesFromScores(model.pieces),
  };
}

function normalizerSteps(model: SentencePieceModel): StepJson[] {
  const steps: StepJson[] = [];
  if (model.charsmap.length > 0) {
    steps.push({ type: "Precompiled", precompiled_charsmap: Buffer.from(model.charsmap).toString("base64") });
  }
  if (model.removeExtraWhitespaces) {
    steps.push({ type: "Strip", strip_left: true, strip_right: true });
    steps.push({ type: "Replace", pattern: { Regex: " {2,}" }, content: " " });
  }
  return steps;
}

/** Whether some piece has a space inside, so that words may not be cut apart first. */
function crossesWords(pieces: readonly Piece[]): boolean {
  return pieces.some(({ text }) => text.lastIndexOf(SPACE) > 0);
}

/** How spaces become U+2581, and where words may be cut: as Transformers' LlamaConverter, legacy or not. */
function spaceSteps(model: SentencePieceModel, prefix: boolean, isLegacy: boolean): Partial<TokenizerJson> {
  const steps = normalizerSteps(model);
  const sequence = (normalizers: StepJson[]): StepJson | null =>
    normalizers.length > 0 ? { type: "Sequence", normalizers } : null;
  const metaspace = (prepend_scheme: string, split: boolean): StepJson => ({
    type: "Metaspace",
    replacement: SPACE,
    prepend_scheme,
    split,
  });
  if (!isLegacy) return { normalizer: sequence(steps), pre_tokenizer: metaspace(prefix ? "first" : "never", false) };
  if (prefix) steps.push({ type: "Prepend", prepend: SPACE });
  if (model.algorithm === "unigram" && !crossesWords(model.pieces)) {
    return { normalizer: sequence(steps), pre_tokenizer: metaspace("never", true) };
  }
  steps.push({ type: "Replace", pattern: { String: " " }, content: SPACE });
  return { normalizer: sequence(steps), pre_tokenizer: null };
}

/** BOS before the text, unless the configuration says otherwise. */
function bosTemplate(model: SentencePieceModel): StepJson | null {
  const bos = model.pieces[model.bosId]?.text;
  if (bos === undefined || model.algorithm !== "bpe") return null;
  return {
    type: "TemplateProcessing",
    single: [{ SpecialToken: { id: bos, type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
    pair: [
      { SpecialToken: { id: bos, type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: bos, type_id: 0 } },
      { Sequence: { id: "B", type_id: 0 } },
    ],
    special_tokens: { [bos]: { id: bos, ids: [model.bosId], tokens: [bos] } },
  };
}

function addedTokens(pieces: readonly Piece[]): AddedToken[] {
  const tokens: AddedToken[] = [];
  pieces.forEach(({ text, type }, id) => {
    const special = type === PIECE_TYPE.control || type === PIECE_TYPE.unknown;
    if (special || type === PIECE_TYPE.userDefined) tokens.push(addedToken(id, text, { special }));
  });
  return tokens;
}

/**
 * Converts the model. `config.legacy` (default true) puts a space before every stretch of text between special tokens,
 * false before the first alone; `config.addPrefixSpace` overrides the model's own dummy prefix.
 * @throws CheckpointError if a Unigram model has no unknown token
 */
export function sentencePieceTokenizerJson(
  model: SentencePieceModel,
  config: Pick<TokenizerConfig, "legacy" | "addPrefixSpace">,
  where: string,
): TokenizerJson {
  const prefix = config.addPrefixSpace ?? model.addDummyPrefix;
  const decoders: StepJson[] = [{ type: "Replace", pattern: { String: SPACE }, content: " " }];
  if (model.byteFallback) decoders.push({ type: "ByteFallback" });
  decoders.push({ type: "Fuse" });
  if (prefix) decoders.push({ type: "Strip", content: " ", start: 1, stop: 0 });
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: addedTokens(model.pieces),
    normalizer: null,
    pre_tokenizer: null,
    ...spaceSteps(model, prefix, config.legacy ?? true),
    post_processor: bosTemplate(model),
    decoder: { type: "Sequence", decoders },
    model: model.algorithm === "bpe" ? bpeModel(model) : unigramModel(model, where),
  };
}

/** The configuration completed by the names of the model's own BOS, EOS, PAD and unknown tokens. */
export function withModelTokens(config: TokenizerConfig, model: SentencePieceModel): TokenizerConfig {
  const own: Record<string, string> = {};
  const ids = { bos_token: model.bosId, eos_token: model.eosId, pad_token: model.padId, unk_token: model.unkId };
  for (const [name, id] of Object.entries(ids)) {
    const piece = model.pieces[id];
    if (piece !== undefined) own[name] = piece.text;
  }
  const specialTokens = { ...own, ...config.specialTokens };
  return { ...config, specialTokens, bosToken: specialTokens.bos_token, eosToken: specialTokens.eos_token };
}
