import { n as CheckpointError } from "./errors-CjlPyKrT.js";
import { t as closest } from "./closest-BxAlryWr.js";
import { a as PIECE_TYPE, c as parseMerge, n as createTokenizer, r as sentencePieceTokenizerJson, s as gpt2TokenizerJson, u as addedToken } from "./tokenizer-D1Um0aBt.js";
// src/tokenizer/gguf-pre-tokenizers.ts
const WORDS_GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
/** The pattern of cl100k and its many descendants, by how many digits stay together. */
function wordsCl100k(digits) {
	return `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
}
/** The pattern of o200k: words are cut where lower case turns to upper case. */
function wordsO200k(contraction, digits) {
	const upper = "\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}";
	const lower = "\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}";
	return `[^\\r\\n\\p{L}\\p{N}]?[${upper}]*[${lower}]+${contraction}|[^\\r\\n\\p{L}\\p{N}]?[${upper}]+[${lower}]*${contraction}|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
}
const WORDS_DEEPSEEK3 = "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
function split(regex) {
	return {
		type: "Split",
		pattern: { Regex: regex },
		behavior: "Isolated",
		invert: false
	};
}
/** Cuts by each pattern in turn, then writes bytes in the byte-level alphabet. */
function cutting(patterns, options = {}) {
	const bytes = {
		type: "ByteLevel",
		add_prefix_space: false,
		trim_offsets: true,
		use_regex: false
	};
	const preTokenizer = {
		type: "Sequence",
		pretokenizers: [...patterns.map(split), bytes]
	};
	return {
		normalizer: null,
		ignoreMerges: false,
		addBos: false,
		...options,
		preTokenizer
	};
}
const NFC = { type: "NFC" };
const GROUPS = [
	[["default"], () => cutting([
		"[\\p{P}\\$\\+<=>\\^~\\|]+",
		WORDS_GPT2,
		"\\p{N}+",
		"[0-9][0-9][0-9]"
	])],
	[[
		"gpt-2",
		"phi-2",
		"mpt",
		"olmo",
		"jais",
		"exaone4",
		"gigachat",
		"mellum"
	], () => cutting([WORDS_GPT2])],
	[[
		"smollm",
		"starcoder",
		"refact",
		"command-r",
		"codeshell",
		"exaone",
		"minerva-7b"
	], () => cutting(["\\p{N}", WORDS_GPT2])],
	[["falcon"], () => cutting([
		"[\\p{P}\\$\\+<=>\\^~\\|`]+",
		WORDS_GPT2,
		"[0-9][0-9][0-9]"
	])],
	[[
		"llama-bpe",
		"llama3",
		"llama-v3",
		"falcon3",
		"falcon-h1",
		"pixtral",
		"midm-2.0",
		"lfm2"
	], () => cutting([wordsCl100k("\\p{N}{1,3}")], {
		ignoreMerges: true,
		addBos: true
	})],
	[[
		"dbrx",
		"smaug-bpe",
		"glm4",
		"chatglm-bpe"
	], () => cutting([wordsCl100k("\\p{N}{1,3}")])],
	[["qwen2", "deepseek-r1-qwen"], () => cutting([wordsCl100k("\\p{N}")], { normalizer: NFC })],
	[["stablelm2"], () => cutting([wordsCl100k("\\p{N}")])],
	[["tekken"], () => cutting([wordsO200k("", "\\p{N}")], {
		ignoreMerges: true,
		addBos: true
	})],
	[["gpt-4o"], () => cutting([wordsO200k(CONTRACTION, "\\p{N}{1,3}")])],
	[["deepseek-v3"], () => cutting([
		"\\p{N}{1,3}",
		"[一-龥぀-ゟ゠-ヿ]+",
		WORDS_DEEPSEEK3
	])]
];
/** Names that are known. */
function ggufPreTokenizerNames() {
	return GROUPS.flatMap(([names]) => names);
}
/** The rules of a name, or undefined if it is not known. */
function ggufPreTokenizer(name) {
	return GROUPS.find(([names]) => names.includes(name))?.[1]();
}
// src/tokenizer/gguf-tokenizer.ts
/** The tokenizer that a GGUF file carries in its metadata. */
const WHERE = "GGUF metadata";
const PREFIX = "tokenizer.ggml.";
/** Names of special tokens and the keys of their ids. */
const SPECIAL_KEYS = [
	["bos_token", "bos_token_id"],
	["eos_token", "eos_token_id"],
	["pad_token", "padding_token_id"],
	["unk_token", "unknown_token_id"]
];
function read(metadata, key, type) {
	const value = metadata.get(PREFIX + key);
	const plain = typeof value === "bigint" ? Number(value) : value;
	if (plain === void 0 || typeof plain === type) return plain;
	throw new CheckpointError(`${WHERE}: ${PREFIX}${key} must be a ${type}, it is ${JSON.stringify(plain)?.slice(0, 80)}`);
}
function readList(metadata, key, type, length) {
	const value = metadata.get(PREFIX + key);
	if (value === void 0) return void 0;
	const list = ArrayBuffer.isView(value) ? Array.from(value) : value;
	if (!Array.isArray(list) || !list.every((item) => typeof item === type)) throw new CheckpointError(`${WHERE}: ${PREFIX}${key} must be a list of ${type}s`);
	if (length !== void 0 && list.length !== length) throw new CheckpointError(`${WHERE}: ${PREFIX}${key} has ${list.length} entries for ${length} tokens`);
	return list;
}
function readEntries(metadata) {
	const tokens = readList(metadata, "tokens", "string");
	if (tokens === void 0 || tokens.length === 0) throw new CheckpointError(`${WHERE}: ${PREFIX}tokens is missing`);
	return {
		tokens,
		scores: readList(metadata, "scores", "number", tokens.length),
		types: readList(metadata, "token_type", "number", tokens.length) ?? tokens.map(() => PIECE_TYPE.normal)
	};
}
function readConfig(metadata, { tokens }, addBosByDefault) {
	const specialTokens = {};
	for (const [name, key] of SPECIAL_KEYS) {
		const id = read(metadata, key, "number");
		if (id !== void 0 && tokens[id] !== void 0) specialTokens[name] = tokens[id];
	}
	const template = metadata.get("tokenizer.chat_template");
	return {
		specialTokens,
		bosToken: specialTokens.bos_token,
		eosToken: specialTokens.eos_token,
		addBosToken: read(metadata, "add_bos_token", "boolean") ?? addBosByDefault,
		addEosToken: read(metadata, "add_eos_token", "boolean") ?? false,
		chatTemplate: typeof template === "string" ? template : void 0,
		addedTokens: []
	};
}
/** SentencePiece BPE: the merges follow from the scores. */
function sentencePieceJson(metadata, entries, config) {
	const { tokens, scores, types } = entries;
	if (scores === void 0) throw new CheckpointError(`${WHERE}: ${PREFIX}scores is missing; a "llama" tokenizer needs it`);
	const unkId = read(metadata, "unknown_token_id", "number") ?? types.indexOf(PIECE_TYPE.unknown);
	const model = {
		pieces: tokens.map((text, id) => ({
			text,
			score: scores[id],
			type: types[id]
		})),
		algorithm: "bpe",
		byteFallback: types.includes(PIECE_TYPE.byte),
		unkId,
		bosId: config.bosToken === void 0 ? -1 : tokens.indexOf(config.bosToken),
		eosId: config.eosToken === void 0 ? -1 : tokens.indexOf(config.eosToken),
		padId: -1,
		addDummyPrefix: read(metadata, "add_space_prefix", "boolean") ?? true,
		removeExtraWhitespaces: read(metadata, "remove_extra_whitespaces", "boolean") ?? false,
		charsmap: /* @__PURE__ */ new Uint8Array(0)
	};
	return sentencePieceTokenizerJson(model, {}, WHERE);
}
/** Byte-level BPE with merges. */
function byteLevelJson(metadata, entries, config, pre) {
	const rules = ggufPreTokenizer(pre);
	if (rules === void 0) throw unknownPre(pre);
	const lines = readList(metadata, "merges", "string");
	if (lines === void 0) throw new CheckpointError(`${WHERE}: ${PREFIX}merges is missing; a "gpt2" tokenizer needs it`);
	const merges = lines.map((line, index) => parseMerge(line, index, `${WHERE}: ${PREFIX}merges`));
	const vocab = Object.fromEntries(entries.tokens.map((token, id) => [token, id]));
	const json = gpt2TokenizerJson(vocab, merges, config, WHERE);
	const added = new Map(json.added_tokens.map((token) => [token.content, token]));
	entries.types.forEach((type, id) => {
		const special = type === PIECE_TYPE.control || type === PIECE_TYPE.unknown;
		const content = entries.tokens[id];
		if (special || type === PIECE_TYPE.userDefined) added.set(content, addedToken(id, content, { special }));
	});
	return {
		...json,
		added_tokens: [...added.values()].sort((a, b) => a.id - b.id),
		normalizer: rules.normalizer,
		pre_tokenizer: rules.preTokenizer,
		model: {
			...json.model,
			ignore_merges: rules.ignoreMerges
		}
	};
}
function unknownPre(pre) {
	const near = closest(pre, ggufPreTokenizerNames())[0];
	return new CheckpointError(`${WHERE}: ${PREFIX}pre is ${JSON.stringify(pre)}, which is not known${near ? `; closest: "${near}"` : ""}. Known: ${ggufPreTokenizerNames().join(", ")}. Put the model's tokenizer.json beside the file and load that folder`);
}
/**
* The tokenizer of a GGUF file.
* @param metadata  the file's key-value pairs under their full names
* @throws CheckpointError if it is missing, damaged, or of a kind or `pre` that is not known
*/
async function tokenizerFromGguf(metadata, options = {}) {
	const kind = read(metadata, "model", "string");
	if (kind !== "llama" && kind !== "gpt2") {
		const found = kind === void 0 ? "is missing" : `is ${JSON.stringify(kind)}`;
		throw new CheckpointError(`${WHERE}: ${PREFIX}model ${found}; supported: "llama" (SentencePiece BPE), "gpt2" (byte-level BPE)`);
	}
	const entries = readEntries(metadata);
	if (kind === "llama") {
		const config = readConfig(metadata, entries, true);
		return createTokenizer(sentencePieceJson(metadata, entries, config), config, WHERE, options);
	}
	const pre = read(metadata, "pre", "string") ?? "default";
	const config = readConfig(metadata, entries, ggufPreTokenizer(pre)?.addBos ?? false);
	return createTokenizer(byteLevelJson(metadata, entries, config, pre), config, WHERE, options);
}
export { tokenizerFromGguf };
