import { n as CheckpointError } from "./errors-CjlPyKrT.js";
import { d as checkTokenizerJson, i as withModelTokens, l as parseMerges, n as createTokenizer, o as parseSentencePiece, r as sentencePieceTokenizerJson, s as gpt2TokenizerJson, t as createNativeTokenizer, u as addedToken } from "./tokenizer-D1Um0aBt.js";
import { join } from "node:path";
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
// src/tokenizer/tokenizer-config.ts
/** What the files beside a tokenizer say: tokenizer_config.json, special_tokens_map.json, chat templates. */
/** A file's text, or undefined if there is none. */
async function readIfPresent(path) {
	try {
		return await readFile(path, "utf8");
	} catch (error) {
		const { code } = error;
		if (code === "ENOENT" || code === "ENOTDIR") return void 0;
		throw new CheckpointError(`${path}: cannot be read: ${error.message}`, { cause: error });
	}
}
/** Parses JSON; @throws CheckpointError with the file's name. */
function parseJson(text, path) {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new CheckpointError(`${path}: not valid JSON: ${cause.message}`, { cause });
	}
}
async function readObject(path) {
	const text = await readIfPresent(path);
	if (text === void 0) return {};
	const value = parseJson(text, path);
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw new CheckpointError(`${path}: expected a JSON object`);
	return value;
}
/** A token is written as a string or as an object with `content`. */
function tokenText(value) {
	if (typeof value === "string") return value;
	const content = value?.content;
	return typeof content === "string" ? content : void 0;
}
function boolean(value) {
	return typeof value === "boolean" ? value : void 0;
}
function readAddedTokens(config, extra) {
	const tokens = /* @__PURE__ */ new Map();
	for (const [content, id] of Object.entries(extra)) if (typeof id === "number") tokens.set(content, addedToken(id, content, { normalized: true }));
	for (const [id, value] of Object.entries(config.added_tokens_decoder ?? {})) {
		const content = tokenText(value);
		if (content !== void 0 && /^\d+$/.test(id)) tokens.set(content, addedToken(Number(id), content, typeof value === "object" ? { ...value } : {}));
	}
	return [...tokens.values()];
}
/** A chat template as tokenizer_config.json writes it: text, or a list of {name, template}. */
function readChatTemplate(value) {
	if (typeof value === "string") return value;
	if (!Array.isArray(value)) return void 0;
	const named = {};
	for (const entry of value) if (typeof entry?.name === "string" && typeof entry.template === "string") named[entry.name] = entry.template;
	return Object.keys(named).length > 0 ? named : void 0;
}
/** chat_template.jinja wins over chat_template.json, and both over tokenizer_config.json. */
async function findChatTemplate(folder, config) {
	const file = await readIfPresent(join(folder, "chat_template.jinja"));
	const more = {};
	const extraFolder = join(folder, "additional_chat_templates");
	const names = await readdir(extraFolder).catch(() => []);
	for (const name of names.filter((entry) => entry.endsWith(".jinja"))) {
		const text = await readIfPresent(join(extraFolder, name));
		if (text !== void 0) more[name.slice(0, -6)] = text;
	}
	const found = file ?? readChatTemplate((await readObject(join(folder, "chat_template.json"))).chat_template) ?? readChatTemplate(config.chat_template);
	if (found === void 0 || Object.keys(more).length === 0) return found;
	return {
		...typeof found === "string" ? { default: found } : found,
		...more
	};
}
/**
* Reads the files beside a tokenizer; each may be missing.
* @throws CheckpointError if one is damaged
*/
async function readTokenizerConfig(folder) {
	const config = await readObject(join(folder, "tokenizer_config.json"));
	const map = await readObject(join(folder, "special_tokens_map.json"));
	const specialTokens = {};
	for (const [name, value] of [...Object.entries(map), ...Object.entries(config)]) {
		const token = name.endsWith("_token") ? tokenText(value) : void 0;
		if (token !== void 0) specialTokens[name] = token;
		else if (value === null && name.endsWith("_token")) delete specialTokens[name];
	}
	return {
		specialTokens,
		bosToken: specialTokens.bos_token,
		eosToken: specialTokens.eos_token,
		addBosToken: boolean(config.add_bos_token),
		addEosToken: boolean(config.add_eos_token),
		addPrefixSpace: boolean(config.add_prefix_space),
		legacy: boolean(config.legacy),
		chatTemplate: await findChatTemplate(folder, config),
		addedTokens: readAddedTokens(config, await readObject(join(folder, "added_tokens.json")))
	};
}
// src/tokenizer/tokenizer-outline.ts
const [quote, backslash, comma, colon] = [
	34,
	92,
	44,
	58
];
const [openBrace, closeBrace, openBracket, closeBracket] = [
	123,
	125,
	91,
	93
];
/**
* Cuts `model.vocab` (token to id) and `model.merges` out of the text of a tokenizer.json.
*
* @returns undefined where the text is not as expected (no vocabulary by id, damaged): then all of it must be parsed
*/
function outlineTokenizerJson(text) {
	const cuts = [];
	let highestId;
	let depth = 0;
	let section = "";
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code === openBrace || code === openBracket) depth++;
		else if (code === closeBrace || code === closeBracket) depth--;
		if (code !== quote) continue;
		const end = endOfString(text, i);
		if (end < 0) return void 0;
		const value = depth <= 2 ? startOfValue(text, end) : -1;
		const key = value < 0 ? "" : text.slice(i + 1, end - 1);
		if (depth === 1 && value >= 0) section = key;
		i = end - 1;
		if (depth !== 2 || section !== "model" || key !== "vocab" && key !== "merges") continue;
		const isVocab = key === "vocab";
		const [cutEnd, highest] = isVocab ? skipVocab(text, value) : [skipList(text, value), void 0];
		if (cutEnd < 0 || isVocab && highestId !== void 0) return void 0;
		highestId ??= highest;
		cuts.push([value, cutEnd]);
		i = cutEnd - 1;
	}
	if (highestId === void 0 || depth !== 0) return void 0;
	let json = "";
	let from = 0;
	for (const [start, end] of cuts) {
		json += text.slice(from, start) + (text.charCodeAt(start) === openBrace ? "{}" : "[]");
		from = end;
	}
	return {
		json: json + text.slice(from),
		highestId
	};
}
/** Behind the closing quote of the string that opens at `start`; -1 if there is none. */
function endOfString(text, start) {
	for (let i = start + 1; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code === backslash) i++;
		else if (code === quote) return i + 1;
	}
	return -1;
}
function skipSpaces(text, at) {
	while (text.charCodeAt(at) <= 32) at++;
	return at;
}
/** Where the value of a key that ends at `end` begins; -1 if it is no key. */
function startOfValue(text, end) {
	const at = skipSpaces(text, end);
	return text.charCodeAt(at) === colon ? skipSpaces(text, at + 1) : -1;
}
/** Over an object of tokens and whole numbers: its end (-1 if it is anything else) and the highest number. */
function skipVocab(text, start) {
	const wrong = [-1, -1];
	if (text.charCodeAt(start) !== openBrace) return wrong;
	let highest = -1;
	let at = skipSpaces(text, start + 1);
	if (text.charCodeAt(at) === closeBrace) return [at + 1, highest];
	for (;;) {
		if (text.charCodeAt(at) !== quote) return wrong;
		const end = endOfString(text, at);
		at = end < 0 ? -1 : startOfValue(text, end);
		if (at < 0) return wrong;
		let id = 0;
		const digits = at;
		for (let digit; (digit = text.charCodeAt(at) - 48) >= 0 && digit <= 9; at++) id = id * 10 + digit;
		if (at === digits) return wrong;
		highest = Math.max(highest, id);
		at = skipSpaces(text, at);
		const next = text.charCodeAt(at);
		if (next === closeBrace) return [at + 1, highest];
		if (next !== comma) return wrong;
		at = skipSpaces(text, at + 1);
	}
}
/** Behind the list that opens at `start`; -1 if there is none. */
function skipList(text, start) {
	if (text.charCodeAt(start) !== openBracket) return -1;
	let depth = 0;
	for (let i = start; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code === openBracket) depth++;
		else if (code === closeBracket && --depth === 0) return i + 1;
		else if (code === quote) {
			i = endOfString(text, i) - 1;
			if (i < 0) return -1;
		}
	}
	return -1;
}
// src/tokenizer/load-tokenizer.ts
/** Finds and loads the tokenizer of a Hugging Face folder. */
/** Files that hold a tokenizer, best first; each list must be there as a whole. */
const SOURCES = [
	["tokenizer.json"],
	["tokenizer.model"],
	["vocab.json", "merges.txt"]
];
/** The files of the tokenizer in the folder, or undefined if it has none. */
function findTokenizerFiles(folder) {
	return SOURCES.find((files) => files.every((file) => existsSync(join(folder, file))));
}
async function read(path) {
	try {
		return await readFile(path);
	} catch (cause) {
		throw new CheckpointError(`${path}: cannot be read: ${cause.message}`, { cause });
	}
}
/** Adds the config's added tokens that the tokenizer lacks; returns whether there were any. */
function mergeAddedTokens(json, config) {
	const known = new Set(json.added_tokens.map((token) => token.content));
	const { vocab } = json.model;
	const missing = config.addedTokens.filter((token) => !known.has(token.content));
	for (const token of missing) {
		const own = !Array.isArray(vocab) && Object.hasOwn(vocab, token.content) ? vocab[token.content] : void 0;
		json.added_tokens.push({
			...token,
			id: own ?? token.id
		});
	}
	json.added_tokens.sort((a, b) => a.id - b.id);
	return missing.length > 0;
}
/**
* Leaves the vocabulary to the native engine. undefined where that is not possible; what is wrong is found when all of the
* file is read.
*/
async function quickTokenizer(source, config, path) {
	const outline = outlineTokenizerJson(source);
	if (!outline) return void 0;
	try {
		const json = checkTokenizerJson(parseJson(outline.json, path), path);
		const known = new Set(json.added_tokens.map((token) => token.content));
		if (config.addedTokens.some((token) => !known.has(token.content))) return void 0;
		return await createNativeTokenizer(json, outline.highestId, config, path, source);
	} catch {
		return;
	}
}
/**
* Loads a tokenizer from tokenizer.json, tokenizer.model (SentencePiece) or vocab.json + merges.txt (GPT-2), with
* tokenizer_config.json, special_tokens_map.json and chat_template.jinja beside it where they are.
* @throws CheckpointError if there is none, or it is damaged
*/
async function loadTokenizer(folder, options = {}) {
	const files = findTokenizerFiles(folder);
	if (files === void 0) {
		const looked = SOURCES.map((source) => source.join(" with ")).join(", ");
		throw new CheckpointError(`${folder}: no tokenizer; looked for ${looked}. Without one only token ids can be served`);
	}
	const config = await readTokenizerConfig(folder);
	const path = join(folder, files[0]);
	if (files[0] === "tokenizer.json") {
		const source = (await read(path)).toString("utf8");
		const quick = options.engine === "javascript" ? void 0 : await quickTokenizer(source, config, path);
		if (quick) return quick;
		const json = checkTokenizerJson(parseJson(source, path), path);
		const isChanged = mergeAddedTokens(json, config);
		return createTokenizer(json, config, path, {
			...options,
			source: isChanged ? void 0 : source
		});
	}
	if (files[0] === "tokenizer.model") {
		const model = parseSentencePiece(await read(path), path);
		const json = sentencePieceTokenizerJson(model, config, path);
		mergeAddedTokens(json, config);
		return createTokenizer(json, withModelTokens(config, model), path, options);
	}
	const mergesPath = join(folder, files[1]);
	const vocab = parseJson((await read(path)).toString("utf8"), path);
	const merges = parseMerges((await read(mergesPath)).toString("utf8"), mergesPath);
	const json = gpt2TokenizerJson(vocab, merges, config, path);
	mergeAddedTokens(json, config);
	return createTokenizer(json, config, path, options);
}
export { loadTokenizer as n, findTokenizerFiles as t };
