import { n as CheckpointError, u as UnsupportedError } from "./errors-CjlPyKrT.js";
import { t as messageOf } from "./text-eUgHTlLT.js";
import { i as incompleteTail, n as decodeLossy, r as decodeStrict, t as Utf8Stream } from "./utf8-stream-B--2hOPy.js";
// src/tokenizer/tokenizer-json.ts
/** The tokenizer.json format: its shape, checked at the door, and the vocabulary read from it. */
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
/** An added token with every flag off but those given. */
function addedToken(id, content, flags = {}) {
	return {
		single_word: false,
		lstrip: false,
		rstrip: false,
		normalized: false,
		special: false,
		...flags,
		id,
		content
	};
}
function readStep(root, key, where) {
	const step = root[key] ?? null;
	if (step === null) return null;
	if (!isObject(step) || typeof step.type !== "string") throw new CheckpointError(`${where}: "${key}" must be null or an object with a "type"`);
	return step;
}
function readAddedToken(value, index, where) {
	if (!isObject(value) || typeof value.content !== "string" || typeof value.id !== "number") throw new CheckpointError(`${where}: added_tokens[${index}] needs a numeric "id" and a "content"`);
	const flag = (key) => value[key] === true;
	return addedToken(value.id, value.content, {
		single_word: flag("single_word"),
		lstrip: flag("lstrip"),
		rstrip: flag("rstrip"),
		normalized: flag("normalized"),
		special: flag("special")
	});
}
/**
* Checks the outline of a parsed tokenizer.json and fills absent parts with null.
* @throws CheckpointError naming the part that is wrong
*/
function checkTokenizerJson(value, where) {
	if (!isObject(value)) throw new CheckpointError(`${where}: expected a JSON object`);
	const model = value.model;
	if (!isObject(model) || typeof model.vocab !== "object" || model.vocab === null) throw new CheckpointError(`${where}: expected "model" with a "vocab"; is this a tokenizer.json?`);
	const added = value.added_tokens ?? [];
	if (!Array.isArray(added)) throw new CheckpointError(`${where}: "added_tokens" must be a list`);
	return {
		version: typeof value.version === "string" ? value.version : "1.0",
		truncation: null,
		padding: null,
		added_tokens: added.map((token, index) => readAddedToken(token, index, where)),
		normalizer: readStep(value, "normalizer", where),
		pre_tokenizer: readStep(value, "pre_tokenizer", where),
		post_processor: readStep(value, "post_processor", where),
		decoder: readStep(value, "decoder", where),
		model
	};
}
// src/tokenizer/gpt2-files.ts
/** vocab.json and merges.txt of GPT-2, OPT and their kin, as a tokenizer.json object. */
/** One merge, `"left right"`; `index` counts from 0. @throws CheckpointError if it is not two tokens */
function parseMerge(line, index, where) {
	const space = line.indexOf(" ", 1);
	if (space > 0 && space < line.length - 1 && !line.includes(" ", space + 1)) return [line.slice(0, space), line.slice(space + 1)];
	const found = JSON.stringify(line.slice(0, 80));
	throw new CheckpointError(`${where}: merge ${index + 1} is ${found}; expected two tokens with a space between`);
}
/** The lines of merges.txt as pairs; a first line `#version: ...` is passed over. */
function parseMerges(text, where) {
	const lines = text.split(/\r?\n/);
	if (lines[0].startsWith("#version")) lines.shift();
	return lines.filter((line) => line !== "").map((line, index) => parseMerge(line, index, where));
}
/**
* A byte-level BPE tokenizer.
* @param vocab   parsed vocab.json: token to id
* @param merges  pairs of tokens, the first joined first
* @throws CheckpointError if the vocabulary is no object
*/
function gpt2TokenizerJson(vocab, merges, config, where) {
	if (typeof vocab !== "object" || vocab === null || Array.isArray(vocab)) throw new CheckpointError(`${where}: expected a JSON object of tokens and ids`);
	const ids = vocab;
	const special = /* @__PURE__ */ new Map();
	for (const content of Object.values(config.specialTokens)) if (Object.hasOwn(ids, content)) special.set(content, addedToken(ids[content], content, { special: true }));
	const byteLevel = {
		type: "ByteLevel",
		add_prefix_space: config.addPrefixSpace ?? false,
		trim_offsets: true,
		use_regex: true
	};
	return checkTokenizerJson({
		added_tokens: [...special.values()],
		pre_tokenizer: byteLevel,
		decoder: {
			...byteLevel,
			add_prefix_space: true
		},
		model: {
			type: "BPE",
			vocab: ids,
			merges,
			fuse_unk: false,
			byte_fallback: false
		}
	}, where);
}
// src/tokenizer/protobuf.ts
/** Just enough protobuf to read a SentencePiece model: fields of a message, one after the other. */
/** A varint at `offset`; numbers beyond 2^53 lose their low bits (negative int32 is given as signed). */
function readVarint(bytes, offset, where) {
	const first = bytes[offset];
	if (first !== void 0 && first < 128) return {
		value: first,
		next: offset + 1
	};
	let value = 0n;
	for (let i = 0; i < 10; i++) {
		const byte = bytes[offset + i];
		if (byte === void 0) break;
		value |= BigInt(byte & 127) << BigInt(7 * i);
		if (byte < 128) return {
			value: Number(BigInt.asIntN(64, value)),
			next: offset + i + 1
		};
	}
	throw new CheckpointError(`${where}: damaged protobuf: no end of the number at byte ${offset} of ${bytes.length}`);
}
/**
* The fields of one message.
* @throws CheckpointError where the bytes end too early or make no sense
*/
function* protobufFields(bytes, where) {
	const need = (offset, length) => {
		if (length >= 0 && offset + length <= bytes.length) return offset + length;
		throw new CheckpointError(`${where}: damaged protobuf: a field at byte ${offset} needs ${length} bytes, ${bytes.length - offset} are left`);
	};
	let offset = 0;
	while (offset < bytes.length) {
		const tag = readVarint(bytes, offset, where);
		const number = Math.floor(tag.value / 8);
		const wireType = tag.value & 7;
		offset = tag.next;
		if (number <= 0) throw new CheckpointError(`${where}: damaged protobuf: field number ${number} at byte ${offset}`);
		if (wireType === 0) {
			const { value, next } = readVarint(bytes, offset, where);
			yield {
				number,
				kind: "varint",
				value
			};
			offset = next;
		} else if (wireType === 2) {
			const length = readVarint(bytes, offset, where);
			offset = need(length.next, length.value);
			yield {
				number,
				kind: "bytes",
				value: bytes.subarray(length.next, offset)
			};
		} else if (wireType === 5) {
			const start = offset;
			offset = need(offset, 4);
			yield {
				number,
				kind: "float",
				value: new DataView(bytes.buffer, bytes.byteOffset + start, 4).getFloat32(0, true)
			};
		} else if (wireType === 1) {
			offset = need(offset, 8);
			yield {
				number,
				kind: "other"
			};
		} else throw new CheckpointError(`${where}: damaged protobuf: wire type ${wireType} at byte ${offset}`);
	}
}
// src/tokenizer/sentencepiece-model.ts
/** Reads a SentencePiece model file (tokenizer.model). Field numbers: sentencepiece_model.proto. */
/** Kinds of pieces, numbered as in the file; GGUF uses the same numbers. */
const PIECE_TYPE = {
	normal: 1,
	unknown: 2,
	control: 3,
	userDefined: 4,
	unused: 5,
	byte: 6
};
const utf8 = new TextDecoder();
/** Scalars of a message by field number; the last one of each counts. */
function scalars(bytes, where) {
	const fields = /* @__PURE__ */ new Map();
	for (const field of protobufFields(bytes, where)) fields.set(field.number, field);
	return fields;
}
function integer(fields, number, otherwise) {
	const field = fields.get(number);
	return field?.kind === "varint" ? field.value : otherwise;
}
function readPiece(bytes, where) {
	const fields = scalars(bytes, where);
	const text = fields.get(1);
	const score = fields.get(2);
	return {
		text: text?.kind === "bytes" ? utf8.decode(text.value) : "",
		score: score?.kind === "float" ? score.value : 0,
		type: integer(fields, 3, PIECE_TYPE.normal)
	};
}
/**
* Parses the bytes of a SentencePiece model.
* @throws CheckpointError if they are damaged, or the algorithm is neither Unigram nor BPE
*/
function parseSentencePiece(bytes, where) {
	const pieces = [];
	let trainer = /* @__PURE__ */ new Map();
	let normalizer = /* @__PURE__ */ new Map();
	for (const field of protobufFields(bytes, where)) {
		if (field.kind !== "bytes") continue;
		if (field.number === 1) pieces.push(readPiece(field.value, where));
		else if (field.number === 2) trainer = scalars(field.value, where);
		else if (field.number === 3) normalizer = scalars(field.value, where);
	}
	if (pieces.length === 0) throw new CheckpointError(`${where}: no pieces; is this a SentencePiece model?`);
	const algorithm = integer(trainer, 3, 1);
	if (algorithm !== 1 && algorithm !== 2) throw new CheckpointError(`${where}: SentencePiece algorithm ${algorithm} is not supported; expected 1 (Unigram) or 2 (BPE)`);
	const charsmap = normalizer.get(2);
	return {
		pieces,
		algorithm: algorithm === 1 ? "unigram" : "bpe",
		byteFallback: integer(trainer, 35, 0) !== 0,
		unkId: integer(trainer, 40, 0),
		bosId: integer(trainer, 41, 1),
		eosId: integer(trainer, 42, 2),
		padId: integer(trainer, 43, -1),
		addDummyPrefix: integer(normalizer, 3, 1) !== 0,
		removeExtraWhitespaces: integer(normalizer, 4, 1) !== 0,
		charsmap: charsmap?.kind === "bytes" ? charsmap.value : /* @__PURE__ */ new Uint8Array(0)
	};
}
// src/tokenizer/sentencepiece-convert.ts
/** A SentencePiece model as a tokenizer.json object, in the way of Hugging Face's converters. */
const SPACE = "▁";
/**
* The merges that a scored vocabulary implies: every split of a piece into two pieces, best score first.
* A SentencePiece BPE model stores only pieces; joining the pair with the best score is the same as the first merge.
*/
function mergesFromScores(pieces) {
	const ids = /* @__PURE__ */ new Map();
	const isJoinable = ({ type }) => type === PIECE_TYPE.normal || type === PIECE_TYPE.userDefined || type === PIECE_TYPE.unused;
	pieces.forEach((piece, id) => {
		if (isJoinable(piece)) ids.set(piece.text, id);
	});
	const merges = [];
	for (const [text, id] of ids) {
		const splits = [];
		for (let at = 1; at < text.length; at++) {
			const left = ids.get(text.slice(0, at));
			const right = left === void 0 ? void 0 : ids.get(text.slice(at));
			if (right !== void 0) splits.push([
				left,
				right,
				at
			]);
		}
		splits.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
		for (const [, , at] of splits) merges.push({
			left: text.slice(0, at),
			right: text.slice(at),
			score: pieces[id].score
		});
	}
	const length = (text) => [...text].length;
	merges.sort((a, b) => b.score - a.score || length(b.left) - length(a.left) || length(b.right) - length(a.right));
	return merges.map(({ left, right }) => [left, right]);
}
function unigramModel(model, where) {
	if (model.unkId < 0 || model.unkId >= model.pieces.length) throw new CheckpointError(`${where}: unknown-token id ${model.unkId} is outside the ${model.pieces.length} pieces`);
	const vocab = model.pieces.map(({ text, score }) => [text, score]);
	return {
		type: "Unigram",
		unk_id: model.unkId,
		vocab,
		byte_fallback: model.byteFallback
	};
}
function bpeModel(model) {
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
		merges: mergesFromScores(model.pieces)
	};
}
function normalizerSteps(model) {
	const steps = [];
	if (model.charsmap.length > 0) steps.push({
		type: "Precompiled",
		precompiled_charsmap: Buffer.from(model.charsmap).toString("base64")
	});
	if (model.removeExtraWhitespaces) {
		steps.push({
			type: "Strip",
			strip_left: true,
			strip_right: true
		});
		steps.push({
			type: "Replace",
			pattern: { Regex: " {2,}" },
			content: " "
		});
	}
	return steps;
}
/** Whether some piece has a space inside, so that words may not be cut apart first. */
function crossesWords(pieces) {
	return pieces.some(({ text }) => text.lastIndexOf(SPACE) > 0);
}
/** How spaces become U+2581, and where words may be cut: as Transformers' LlamaConverter, legacy or not. */
function spaceSteps(model, prefix, isLegacy) {
	const steps = normalizerSteps(model);
	const sequence = (normalizers) => normalizers.length > 0 ? {
		type: "Sequence",
		normalizers
	} : null;
	const metaspace = (prepend_scheme, split) => ({
		type: "Metaspace",
		replacement: SPACE,
		prepend_scheme,
		split
	});
	if (!isLegacy) return {
		normalizer: sequence(steps),
		pre_tokenizer: metaspace(prefix ? "first" : "never", false)
	};
	if (prefix) steps.push({
		type: "Prepend",
		prepend: SPACE
	});
	if (model.algorithm === "unigram" && !crossesWords(model.pieces)) return {
		normalizer: sequence(steps),
		pre_tokenizer: metaspace("never", true)
	};
	steps.push({
		type: "Replace",
		pattern: { String: " " },
		content: SPACE
	});
	return {
		normalizer: sequence(steps),
		pre_tokenizer: null
	};
}
/** BOS before the text, unless the configuration says otherwise. */
function bosTemplate(model) {
	const bos = model.pieces[model.bosId]?.text;
	if (bos === void 0 || model.algorithm !== "bpe") return null;
	return {
		type: "TemplateProcessing",
		single: [{ SpecialToken: {
			id: bos,
			type_id: 0
		} }, { Sequence: {
			id: "A",
			type_id: 0
		} }],
		pair: [
			{ SpecialToken: {
				id: bos,
				type_id: 0
			} },
			{ Sequence: {
				id: "A",
				type_id: 0
			} },
			{ SpecialToken: {
				id: bos,
				type_id: 0
			} },
			{ Sequence: {
				id: "B",
				type_id: 0
			} }
		],
		special_tokens: { [bos]: {
			id: bos,
			ids: [model.bosId],
			tokens: [bos]
		} }
	};
}
function addedTokens(pieces) {
	const tokens = [];
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
function sentencePieceTokenizerJson(model, config, where) {
	const prefix = config.addPrefixSpace ?? model.addDummyPrefix;
	const decoders = [{
		type: "Replace",
		pattern: { String: SPACE },
		content: " "
	}];
	if (model.byteFallback) decoders.push({ type: "ByteFallback" });
	decoders.push({ type: "Fuse" });
	if (prefix) decoders.push({
		type: "Strip",
		content: " ",
		start: 1,
		stop: 0
	});
	return {
		version: "1.0",
		truncation: null,
		padding: null,
		added_tokens: addedTokens(model.pieces),
		normalizer: null,
		pre_tokenizer: null,
		...spaceSteps(model, prefix, config.legacy ?? true),
		post_processor: bosTemplate(model),
		decoder: {
			type: "Sequence",
			decoders
		},
		model: model.algorithm === "bpe" ? bpeModel(model) : unigramModel(model, where)
	};
}
/** The configuration completed by the names of the model's own BOS, EOS, PAD and unknown tokens. */
function withModelTokens(config, model) {
	const own = {};
	const ids = {
		bos_token: model.bosId,
		eos_token: model.eosId,
		pad_token: model.padId,
		unk_token: model.unkId
	};
	for (const [name, id] of Object.entries(ids)) {
		const piece = model.pieces[id];
		if (piece !== void 0) own[name] = piece.text;
	}
	const specialTokens = {
		...own,
		...config.specialTokens
	};
	return {
		...config,
		specialTokens,
		bosToken: specialTokens.bos_token,
		eosToken: specialTokens.eos_token
	};
}
// src/tokenizer/byte-level.ts
/** The byte-level alphabet of GPT-2: each of the 256 bytes has one printable character. */
/** Character of each byte: printable Latin-1 stands for itself, the other bytes follow from U+0100 on. */
const BYTE_TO_CHAR = buildAlphabet();
const CHAR_TO_BYTE = new Map(BYTE_TO_CHAR.map((char, byte) => [char, byte]));
const encoder$1 = new TextEncoder();
function buildAlphabet() {
	const isPrintable = (byte) => byte >= 33 && byte <= 126 || byte >= 161 && byte <= 172 || byte >= 174 && byte <= 255;
	let next = 256;
	return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
}
/** The bytes that a byte-level token stands for; a token with any other character stands for its own UTF-8. */
function byteLevelBytes(token) {
	const bytes = new Uint8Array(token.length);
	for (let i = 0; i < token.length; i++) {
		const byte = CHAR_TO_BYTE.get(token[i]);
		if (byte === void 0) return encoder$1.encode(token);
		bytes[i] = byte;
	}
	return bytes;
}
// src/tokenizer/decoder.ts
/** The `decoder` of a tokenizer.json: turns a list of tokens into text, and says whether that can be done token by token. */
/** The steps of a decoder in a row, sequences unfolded. */
function flatten(decoder, where, depth = 0) {
	if (decoder === null) return [];
	if (decoder.type !== "Sequence") return [decoder];
	if (!Array.isArray(decoder.decoders) || depth > 8) throw new CheckpointError(`${where}: a Sequence decoder needs a list "decoders", nested at most 8 deep`);
	return decoder.decoders.flatMap((step) => flatten(step, where, depth + 1));
}
/** The value of a `<0xNN>` token, or -1. */
function fallbackByte(token) {
	return token.length === 6 && /^<0x[0-9A-Fa-f]{2}>$/.test(token) ? Number.parseInt(token.slice(3, 5), 16) : -1;
}
function text(step, key, otherwise) {
	return typeof step[key] === "string" ? step[key] : otherwise;
}
function count(step, key) {
	return typeof step[key] === "number" ? step[key] : 0;
}
function patternOf(step, where) {
	const pattern = step.pattern;
	if (typeof pattern?.String === "string") return pattern.String;
	try {
		if (typeof pattern?.Regex === "string") return new RegExp(pattern.Regex, "gu");
	} catch (cause) {
		throw new CheckpointError(`${where}: the decoder's pattern ${String(pattern?.Regex)} is not understood`, { cause });
	}
	throw new CheckpointError(`${where}: a Replace decoder needs a pattern {"String": ...} or {"Regex": ...}`);
}
function joinBytes(tokens) {
	return [decodeLossy(Buffer.concat(tokens.map(byteLevelBytes)))];
}
/** Runs of byte tokens become text; a run that is not valid UTF-8 becomes one U+FFFD for each byte. */
function joinFallbackBytes(tokens) {
	const result = [];
	let run = [];
	const endRun = () => {
		if (run.length > 0) result.push(decodeStrict(Uint8Array.from(run)) ?? "�".repeat(run.length));
		run = [];
	};
	for (const token of tokens) {
		const byte = fallbackByte(token);
		if (byte >= 0) {
			run.push(byte);
			continue;
		}
		endRun();
		result.push(token);
	}
	endRun();
	return result;
}
function strip(token, char, start, stop) {
	const chars = [...token];
	let from = 0;
	let to = chars.length;
	while (from < start && chars[from] === char) from++;
	for (let left = stop; left > 0 && to > from && chars[to - 1] === char; left--) to--;
	return chars.slice(from, to).join("");
}
/** English punctuation moved back to its word, in the order that Hugging Face tokenizers uses. */
const CLEAN_UP = [
	[" .", "."],
	[" ?", "?"],
	[" !", "!"],
	[" ,", ","],
	[" ' ", "'"],
	[" n't", "n't"],
	[" 'm", "'m"],
	[" do not", " don't"],
	[" 's", "'s"],
	[" 've", "'ve"],
	[" 're", "'re"]
];
function cleanUp(token) {
	return CLEAN_UP.reduce((result, [from, to]) => result.replaceAll(from, to), token);
}
function wordPiece(step) {
	const prefix = text(step, "prefix", "##");
	return (tokens) => tokens.map((token, index) => {
		const joined = index === 0 ? token : token.startsWith(prefix) ? token.slice(prefix.length) : ` ${token}`;
		return step.cleanup === false ? joined : cleanUp(joined);
	});
}
function ctc(step) {
	const pad = text(step, "pad_token", "<pad>");
	const space = text(step, "word_delimiter_token", "|");
	return (tokens) => tokens.filter((token, index) => token !== tokens[index - 1]).map((token) => token.replaceAll(pad, "")).map((token) => step.cleanup === false ? token : cleanUp(token).replaceAll(space, " ")).filter((token) => token !== "");
}
function compileStep(step, where) {
	switch (step.type) {
		case "ByteLevel": return joinBytes;
		case "ByteFallback": return joinFallbackBytes;
		case "Fuse": return (tokens) => [tokens.join("")];
		case "Replace": {
			const from = patternOf(step, where);
			const to = text(step, "content", "");
			return (tokens) => tokens.map((token) => token.replaceAll(from, () => to));
		}
		case "Strip": return (tokens) => tokens.map((token) => strip(token, text(step, "content", " "), count(step, "start"), count(step, "stop")));
		case "Metaspace": {
			const mark = text(step, "replacement", "▁");
			const keepsFirst = step.prepend_scheme === "never" || step.add_prefix_space === false;
			return (tokens) => tokens.map((token, index) => token.replaceAll(mark, index === 0 && !keepsFirst ? "" : " "));
		}
		case "BPEDecoder": {
			const suffix = text(step, "suffix", "</w>");
			return (tokens) => tokens.map((token, index) => token.replaceAll(suffix, index === tokens.length - 1 ? "" : " "));
		}
		case "WordPiece": return wordPiece(step);
		case "CTC": return ctc(step);
		default: throw new CheckpointError(`${where}: decoder "${step.type}" is not known; known: ByteLevel, ByteFallback, Fuse, Replace, Strip, Metaspace, BPEDecoder, WordPiece, CTC, Sequence`);
	}
}
/**
* A function from tokens to text, equal to Hugging Face tokenizers' decoder. Without a decoder tokens are joined by spaces.
* @throws CheckpointError for an unknown decoder
*/
function compileDecoder(decoder, where) {
	const steps = flatten(decoder, where).map((step) => compileStep(step, where));
	if (decoder === null) return (tokens) => tokens.join(" ");
	return (tokens) => steps.reduce((list, step) => step(list), tokens).join("");
}
/** Finds out whether the text can be built token by token, and how. */
function decodeRules(decoder, where) {
	const steps = flatten(decoder, where);
	if (steps.length === 1 && steps[0].type === "ByteLevel") return { kind: "byte-level" };
	const rules = {
		kind: "pieces",
		replacements: [],
		byteFallback: false,
		strip: {
			char: " ",
			count: 0
		},
		firstTokenRemoves: void 0
	};
	if (steps.length === 1 && steps[0].type === "Metaspace") {
		const step = steps[0];
		const mark = text(step, "replacement", "▁");
		rules.replacements.push({
			from: mark,
			to: " "
		});
		if (step.prepend_scheme !== "never" && step.add_prefix_space !== false) rules.firstTokenRemoves = mark;
		return rules;
	}
	const types = steps.map((step) => step.type).join(" ");
	if (!/^(Replace )*Replace( ByteFallback)?( Fuse( Strip)?)?$/.test(types)) return { kind: "general" };
	for (const step of steps) {
		if (step.type === "Replace") rules.replacements.push({
			from: patternOf(step, where),
			to: text(step, "content", "")
		});
		if (step.type === "ByteFallback") rules.byteFallback = true;
		if (step.type !== "Strip") continue;
		if (count(step, "stop") > 0) return { kind: "general" };
		rules.strip = {
			char: text(step, "content", " "),
			count: count(step, "start")
		};
	}
	return rules;
}
// src/tokenizer/detokenizer.ts
/** The right kind of detokenizer for the tokenizer's decoder, primed with the prompt. */
function createDetokenizer(pieces, decode, promptIds, { skipSpecialTokens = true }) {
	const { rules } = pieces;
	if (rules.kind === "byte-level") return new ByteLevelDetokenizer(pieces, promptIds, skipSpecialTokens);
	if (rules.kind === "pieces") return new PiecesDetokenizer(pieces, rules, promptIds, skipSpecialTokens);
	return new WindowDetokenizer((ids) => decode(ids, { skipSpecialTokens }), promptIds);
}
/** Tokens are bytes: join them and decode. */
var ByteLevelDetokenizer = class {
	#pieces;
	#special;
	#skip;
	#stream = new Utf8Stream();
	/** The unfinished character is the prompt's alone: not for the output to end with. */
	#ownsPending = false;
	constructor(pieces, promptIds, skip) {
		this.#pieces = pieces;
		this.#special = pieces.vocabulary.special;
		this.#skip = skip;
		this.push(this.#tail(promptIds));
		this.#ownsPending = false;
	}
	push(ids) {
		let out = "";
		for (const id of ids) {
			if (this.#skip && this.#special[id] === 1) continue;
			const text = this.#pieces.text(id);
			if (text === void 0) continue;
			if (text !== null && this.#stream.pending === 0) out += text;
			else out += this.#stream.write(this.#pieces.bytes(id));
			this.#ownsPending = true;
		}
		return out;
	}
	flush() {
		const end = this.#stream.end();
		return this.#ownsPending ? end : "";
	}
	/** The last tokens of the prompt that hold at least three bytes: whether a character is unfinished shows there. */
	#tail(ids) {
		let start = ids.length;
		for (let length = 0; start > 0 && length < 3; start--) {
			const id = ids[start - 1];
			if (this.#skip && this.#special[id] === 1) continue;
			length += this.#pieces.bytes(id)?.length ?? 0;
		}
		return ids.slice(start);
	}
};
/** Tokens are pieces of text, with rules for the start of the text and for runs of byte tokens. */
var PiecesDetokenizer = class {
	#pieces;
	#rules;
	#special;
	#skip;
	/** Characters that may still be taken off the start of the text. */
	#toStrip;
	#isFirst = true;
	/** Bytes of the current run that are no complete character yet. */
	#run = [];
	/** The current run is invalid: each further byte of it is a U+FFFD. */
	#isBroken = false;
	#ownsRun = false;
	constructor(pieces, rules, promptIds, skip) {
		this.#pieces = pieces;
		this.#rules = rules;
		this.#special = pieces.vocabulary.special;
		this.#skip = skip;
		this.#toStrip = rules.strip.count;
		this.#prime(promptIds);
		this.#ownsRun = false;
	}
	push(ids) {
		let out = "";
		for (const id of ids) {
			if (this.#skip && this.#special[id] === 1) continue;
			const text = this.#pieces.text(id);
			if (text === void 0) continue;
			if (text === null) out += this.#stripStart(this.#pushByte(this.#pieces.bytes(id)[0]));
			else {
				if (this.#run.length > 0 || this.#isBroken) out += this.#stripStart(this.#endRun());
				const isPlain = this.#toStrip === 0 && !this.#isFirst;
				out += isPlain ? text : this.#stripStart(this.#firstText(id, text));
			}
			this.#isFirst = false;
			this.#ownsRun = true;
		}
		return out;
	}
	flush() {
		return this.#ownsRun ? this.#stripStart(this.#endRun()) : "";
	}
	/** Feeds the prompt's start (until the start rules are settled) and its last run of byte tokens: the rest is moot. */
	#prime(ids) {
		let next = 0;
		while (next < ids.length && (this.#isFirst || this.#toStrip > 0)) this.push([ids[next++]]);
		let runStart = ids.length;
		while (runStart > next && this.#staysInRun(ids[runStart - 1])) runStart--;
		if (runStart > next) this.#endRun();
		this.push(ids.slice(runStart));
	}
	#staysInRun(id) {
		return this.#skip && this.#special[id] === 1 || typeof this.#pieces.text(id) !== "string";
	}
	#firstText(id, text) {
		const { firstTokenRemoves } = this.#rules;
		if (!this.#isFirst || firstTokenRemoves === void 0) return text;
		return this.#pieces.vocabulary.tokenOf(id).replaceAll(firstTokenRemoves, "");
	}
	#pushByte(byte) {
		if (this.#isBroken) return "�";
		this.#run.push(byte);
		const bytes = Uint8Array.from(this.#run);
		if (incompleteTail(bytes) === bytes.length) return "";
		const text = decodeStrict(bytes);
		this.#isBroken = text === void 0;
		this.#run = [];
		return text ?? "�".repeat(bytes.length);
	}
	#endRun() {
		const text = "�".repeat(this.#run.length);
		this.#run = [];
		this.#isBroken = false;
		return text;
	}
	#stripStart(text) {
		if (this.#toStrip === 0 || text === "") return text;
		let start = 0;
		while (this.#toStrip > 0 && text.startsWith(this.#rules.strip.char, start)) {
			start += this.#rules.strip.char.length;
			this.#toStrip--;
		}
		if (start < text.length) this.#toStrip = 0;
		return text.slice(start);
	}
};
/** Any decoder: decode a short window with and without the new tokens, and take the difference. */
var WindowDetokenizer = class {
	#decode;
	/** Tokens of the window; those before `#read` are in the text already. */
	#ids;
	#read;
	constructor(decode, promptIds) {
		this.#decode = decode;
		this.#ids = promptIds.slice(-8);
		this.#read = this.#ids.length;
	}
	push(ids) {
		let out = "";
		for (const id of ids) {
			this.#ids.push(id);
			out += this.#advance(false);
		}
		return out;
	}
	flush() {
		return this.#advance(true);
	}
	#advance(isLast) {
		const before = this.#decode(this.#ids.slice(0, this.#read));
		const after = this.#decode(this.#ids);
		if (after.endsWith("�") && !isLast) return "";
		let same = 0;
		while (same < before.length && before[same] === after[same]) same++;
		if (same === after.length) return "";
		this.#ids = this.#ids.slice(this.#read);
		this.#read = this.#ids.length;
		return after.slice(same);
	}
};
// src/tokenizer/encode-engine.ts
/** The two engines that encode text: the native package `tokenizers`, and `@huggingface/tokenizers` in JavaScript. */
/** Half a surrogate pair has no UTF-8; both engines get U+FFFD instead. */
function wellFormed(text) {
	return text.replace(/\p{Surrogate}/gu, "�");
}
function reason(error) {
	return messageOf(error).split("\n")[0];
}
/**
* @param serialized gives the text of a tokenizer.json
* @throws CheckpointError if the tokenizer is damaged; Error if the package does not load here
*/
async function createNativeEngine(serialized, where) {
	const { Tokenizer } = await import("tokenizers");
	let tokenizer;
	try {
		tokenizer = Tokenizer.fromString(serialized());
	} catch (cause) {
		throw new CheckpointError(`${where}: the tokenizer cannot be built: ${reason(cause)}`, { cause });
	}
	tokenizer.disableTruncation();
	tokenizer.disablePadding();
	return {
		name: "native",
		async encode(text) {
			return (await tokenizer.encode(wellFormed(text), null, { addSpecialTokens: false })).getIds();
		},
		tokenOf: (id) => tokenizer.idToToken(id) ?? void 0,
		idOf: (token) => tokenizer.tokenToId(token) ?? void 0
	};
}
/**
* The JavaScript engine's Digits takes 0-9 alone; the native one takes every numeric character. The same cut as a Split.
*/
function withFullDigits(step) {
	if (step?.type === "Sequence" && Array.isArray(step.pretokenizers)) return {
		...step,
		pretokenizers: step.pretokenizers.map(withFullDigits)
	};
	if (step?.type !== "Digits") return step;
	return {
		type: "Split",
		pattern: { Regex: step.individual_digits === true ? "\\p{N}" : "\\p{N}+" },
		behavior: "Isolated",
		invert: false
	};
}
async function javascriptEngine(json, where) {
	if (json.model.type === "Unigram" && json.model.byte_fallback === true) throw new UnsupportedError(`${where}: a Unigram tokenizer with byte fallback needs the native engine (package "tokenizers"), which is not in use; install it for this platform`);
	const { Tokenizer } = await import("./tokenizers-BG00AOMn.js");
	let tokenizer;
	try {
		tokenizer = new Tokenizer({
			...json,
			pre_tokenizer: withFullDigits(json.pre_tokenizer)
		}, {});
	} catch (cause) {
		throw new CheckpointError(`${where}: the tokenizer cannot be built: ${reason(cause)}`, { cause });
	}
	const encodeSync = (text) => text === "" ? [] : tokenizer.encode(wellFormed(text), { add_special_tokens: false }).ids;
	return {
		name: "javascript",
		encode: async (text) => encodeSync(text),
		encodeSync
	};
}
/**
* Builds the engine for a tokenizer.
* @param serialized  gives the tokenizer.json text of `json`; called only where the native engine needs it
* @throws CheckpointError if the tokenizer is damaged; UnsupportedError if the engine lacks what it needs; Error if `engine: "native"` was asked for and does not load
*/
async function createEncodeEngine(json, serialized, where, options = {}) {
	if (options.engine === "javascript") return javascriptEngine(json, where);
	try {
		return await createNativeEngine(serialized, where);
	} catch (error) {
		if (options.engine === "native" || error instanceof CheckpointError) throw error;
		options.log?.(`tokenizer: the native engine does not load (${reason(error)}); using the slower JavaScript engine`);
		return javascriptEngine(json, where);
	}
}
// src/tokenizer/special-template.ts
/** Which special tokens stand before and after one encoded text (BOS, EOS, CLS, SEP). */
const EMPTY = {
	prefix: [],
	suffix: []
};
function fromTemplate(step, where) {
	const pieces = step.single;
	const table = step.special_tokens;
	const result = {
		prefix: [],
		suffix: []
	};
	if (!Array.isArray(pieces)) throw new CheckpointError(`${where}: a TemplateProcessing needs a list "single"`);
	let target = result.prefix;
	for (const piece of pieces) {
		if (piece.Sequence !== void 0) {
			target = result.suffix;
			continue;
		}
		const name = String(piece.SpecialToken?.id);
		const ids = table?.[name]?.ids;
		if (!Array.isArray(ids) || !ids.every((id) => Number.isInteger(id))) throw new CheckpointError(`${where}: TemplateProcessing names ${JSON.stringify(name)}, which "special_tokens" lacks`);
		target.push(...ids);
	}
	return result;
}
function fromPair(step, where) {
	const idOf = (key) => {
		const pair = step[key];
		if (!Array.isArray(pair) || typeof pair[1] !== "number") throw new CheckpointError(`${where}: ${step.type} needs "${key}" as [token, id]`);
		return pair[1];
	};
	return {
		prefix: [idOf("cls")],
		suffix: [idOf("sep")]
	};
}
/**
* Reads the template from a tokenizer.json's post-processor.
* @throws CheckpointError for an unknown or damaged post-processor
*/
function specialTemplate(step, where) {
	if (step === null) return EMPTY;
	switch (step.type) {
		case "ByteLevel": return EMPTY;
		case "TemplateProcessing": return fromTemplate(step, where);
		case "BertProcessing":
		case "RobertaProcessing": return fromPair(step, where);
		case "Sequence": {
			if (!Array.isArray(step.processors)) throw new CheckpointError(`${where}: a Sequence needs a list "processors"`);
			const parts = step.processors.map((part) => specialTemplate(part, where));
			return {
				prefix: parts.toReversed().flatMap((part) => part.prefix),
				suffix: parts.flatMap((part) => part.suffix)
			};
		}
		default: throw new CheckpointError(`${where}: post-processor "${step.type}" is not known; known: ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing, Sequence`);
	}
}
/**
* The template in force: explicit flags replace the post-processor's (a flag left out then counts as false), as in
* Transformers' TokenizersBackend.
*/
function resolveTemplate(json, flags, vocabulary, where) {
	if (flags.addBosToken === void 0 && flags.addEosToken === void 0) return specialTemplate(json.post_processor, where);
	const ids = (wanted, token) => {
		const id = wanted === true && token !== void 0 ? vocabulary.idOf(token) : void 0;
		return id === void 0 ? [] : [id];
	};
	return {
		prefix: ids(flags.addBosToken, flags.bosToken),
		suffix: ids(flags.addEosToken, flags.eosToken)
	};
}
// src/tokenizer/token-pieces.ts
/** What each token adds to a text, worked out once per id, on first use. */
const encoder = new TextEncoder();
/** A table over the vocabulary. */
var TokenPieces = class {
	vocabulary;
	rules;
	#bytes;
	#texts;
	constructor(vocabulary, rules) {
		this.vocabulary = vocabulary;
		this.rules = rules;
		this.#bytes = Array.from({ length: vocabulary.size });
		this.#texts = Array.from({ length: vocabulary.size });
	}
	/** The token's bytes (first-token rules not applied); undefined for an id outside the vocabulary. */
	bytes(id) {
		const known = this.#bytes[id];
		if (known !== void 0) return known;
		const token = this.vocabulary.tokenOf(id);
		if (token === void 0) return void 0;
		const bytes = this.#bytesOf(token);
		this.#bytes[id] = bytes;
		return bytes;
	}
	/** The token's text; null if it is a byte of a fallback or no whole characters, undefined outside the vocabulary. */
	text(id) {
		const known = this.#texts[id];
		if (known !== void 0) return known;
		const token = this.vocabulary.tokenOf(id);
		if (token === void 0) return void 0;
		const text = this.#textOf(token);
		this.#texts[id] = text;
		return text;
	}
	#replace(token) {
		if (this.rules.kind !== "pieces") return token;
		return this.rules.replacements.reduce((text, { from, to }) => text.replaceAll(from, () => to), token);
	}
	#isByte(text) {
		return this.rules.kind === "pieces" && this.rules.byteFallback && fallbackByte(text) >= 0;
	}
	#textOf(token) {
		if (this.rules.kind === "byte-level") return decodeStrict(byteLevelBytes(token)) ?? null;
		const text = this.#replace(token);
		return this.#isByte(text) ? null : text;
	}
	#bytesOf(token) {
		if (this.rules.kind === "byte-level") return byteLevelBytes(token);
		const text = this.#replace(token);
		return this.#isByte(text) ? Uint8Array.of(fallbackByte(text)) : encoder.encode(text);
	}
};
// src/tokenizer/vocabulary.ts
/** The vocabulary: tokens by id and ids by token. */
/** Ids at or above this are refused: no real vocabulary is so large, and tables are sized by the highest id. */
const MAX_TOKEN_ID = 1 << 22;
/** A vocabulary with the added tokens laid over the model's own. */
var Vocabulary = class {
	/** Highest id + 1. */
	size;
	/** 1 where the id is a special token. */
	special;
	/** Ids of added tokens by content. */
	added = /* @__PURE__ */ new Map();
	#table;
	constructor(table, addedTokens) {
		this.#table = table;
		this.size = table.size;
		this.special = new Uint8Array(table.size);
		for (const { id, content, special } of addedTokens) {
			this.added.set(content, id);
			if (special) this.special[id] = 1;
		}
	}
	/** The vocabulary entry as stored; undefined for a hole and outside. */
	tokenOf(id) {
		return this.#table.tokenOf(id);
	}
	/** The id of a vocabulary entry, added tokens first. */
	idOf(token) {
		return this.added.get(token) ?? this.#table.idOf(token);
	}
};
/** The table of a parsed tokenizer.json. @throws CheckpointError if an id is no whole number from 0 to 2^22 - 1 */
function tableOfJson(json, where) {
	const tokens = listTokens(json, where);
	const { vocab } = json.model;
	let unigramIds;
	return {
		size: tokens.length,
		tokenOf: (id) => tokens[id],
		idOf(token) {
			if (!Array.isArray(vocab)) return Object.hasOwn(vocab, token) ? vocab[token] : void 0;
			unigramIds ??= new Map(vocab.map(([piece], id) => [piece, id]));
			return unigramIds.get(token);
		}
	};
}
/** Whether a table may hold the id. */
function isTokenId(id) {
	return Number.isInteger(id) && id >= 0 && id < MAX_TOKEN_ID;
}
function listTokens(json, where) {
	const { vocab } = json.model;
	const tokens = [];
	const put = (id, token) => {
		if (typeof id !== "number" || !isTokenId(id)) throw new CheckpointError(`${where}: token ${JSON.stringify(token)} has id ${String(id)}; expected 0 to 4194303`);
		if (typeof token !== "string") throw new CheckpointError(`${where}: token ${id} is not a string`);
		while (tokens.length < id) tokens.push(void 0);
		tokens[id] = token;
	};
	if (Array.isArray(vocab)) vocab.forEach((entry, id) => put(id, Array.isArray(entry) ? entry[0] : entry));
	else for (const token of Object.keys(vocab)) put(vocab[token], token);
	for (const { id, content } of json.added_tokens) put(id, content);
	return tokens;
}
// src/tokenizer/tokenizer.ts
/** Text to token ids and back. */
var JsonTokenizer = class {
	specialTokens;
	chatTemplate;
	encodeSync;
	#vocabulary;
	#engine;
	#template;
	#decodeTokens;
	#pieces;
	constructor(json, config, vocabulary, engine, where) {
		this.#vocabulary = vocabulary;
		this.#engine = engine;
		this.#template = resolveTemplate(json, config, vocabulary, where);
		this.#decodeTokens = compileDecoder(json.decoder, where);
		this.#pieces = new TokenPieces(vocabulary, decodeRules(json.decoder, where));
		this.specialTokens = config.specialTokens;
		this.chatTemplate = config.chatTemplate;
		const { encodeSync } = engine;
		if (encodeSync) this.encodeSync = (text, options) => this.#surround(encodeSync(text), options);
	}
	get vocabSize() {
		return this.#vocabulary.size;
	}
	get engine() {
		return this.#engine.name;
	}
	get bosTokenId() {
		return this.#idOfNamed("bos_token");
	}
	get eosTokenId() {
		return this.#idOfNamed("eos_token");
	}
	get padTokenId() {
		return this.#idOfNamed("pad_token");
	}
	async encode(text, options) {
		return this.#surround(await this.#engine.encode(text), options);
	}
	decode(ids, { skipSpecialTokens = true } = {}) {
		if (this.#pieces.rules.kind === "byte-level") {
			const stream = this.createDetokenizer([], { skipSpecialTokens });
			return stream.push(ids) + stream.flush();
		}
		const vocabulary = this.#vocabulary;
		const kept = [];
		for (const id of ids) {
			const token = vocabulary.tokenOf(id);
			if (token !== void 0 && !(skipSpecialTokens && vocabulary.special[id] === 1)) kept.push(token);
		}
		return this.#decodeTokens(kept);
	}
	tokenToId(token) {
		return this.#vocabulary.idOf(token);
	}
	idToToken(id) {
		return this.#vocabulary.tokenOf(id);
	}
	isSpecial(id) {
		return this.#vocabulary.special[id] === 1;
	}
	tokenBytes(id) {
		return this.#pieces.bytes(id);
	}
	createDetokenizer(promptIds, options = {}) {
		return createDetokenizer(this.#pieces, (ids, skip) => this.decode(ids, skip), promptIds, options);
	}
	#surround(ids, { addSpecialTokens = true } = {}) {
		const { prefix, suffix } = this.#template;
		if (!addSpecialTokens || prefix.length + suffix.length === 0) return ids;
		return prefix.concat(ids, suffix);
	}
	#idOfNamed(name) {
		const token = this.specialTokens[name];
		return token === void 0 ? void 0 : this.#vocabulary.idOf(token);
	}
};
/**
* A tokenizer from a tokenizer.json object.
* @param source  the text that `json` was parsed from, where there is one (saves writing it again)
* @param where   file name for errors
* @throws CheckpointError if the parts do not make a tokenizer
*/
async function createTokenizer(json, config, where, options = {}) {
	return new JsonTokenizer(json, config, new Vocabulary(tableOfJson(json, where), json.added_tokens), await createEncodeEngine(json, () => options.source ?? JSON.stringify(json), where, options), where);
}
/**
* A tokenizer whose vocabulary stays with the native engine: quick to make.
*
* @param json       a tokenizer.json object with an empty vocabulary
* @param highestId  of the model's vocabulary
* @param source     the whole tokenizer.json
* @throws CheckpointError if the parts do not make a tokenizer; Error if the native engine does not load here
*/
async function createNativeTokenizer(json, highestId, config, where, source) {
	const added = json.added_tokens;
	const highest = added.reduce((max, { id }) => Math.max(max, id), highestId);
	const wrong = [highest, ...added.map(({ id }) => id)].find((id) => !isTokenId(id));
	if (wrong !== void 0) throw new CheckpointError(`${where}: ${wrong} is no token id`);
	const engine = await createNativeEngine(() => source, where);
	return new JsonTokenizer(json, config, new Vocabulary({
		size: highest + 1,
		tokenOf: (id) => isTokenId(id) ? engine.tokenOf(id) : void 0,
		idOf: (token) => engine.idOf(token)
	}, added), engine, where);
}
export { PIECE_TYPE as a, parseMerge as c, checkTokenizerJson as d, withModelTokens as i, parseMerges as l, createTokenizer as n, parseSentencePiece as o, sentencePieceTokenizerJson as r, gpt2TokenizerJson as s, createNativeTokenizer as t, addedToken as u };
