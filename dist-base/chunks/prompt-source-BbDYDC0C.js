import { r as ConfigError } from "./errors-CjlPyKrT.js";
import { n as showValue, t as messageOf } from "./text-eUgHTlLT.js";
import { i as randomTextPrompts, o as randomWordPrompts, r as randomPrompts } from "./random-prompts-DB1w5q9P.js";
import { t as RandomSource } from "./random-source-D46t_u7c.js";
import { readFile } from "node:fs/promises";
// src/tools/bench/prompt-file.ts
/** Prompts from a file: ShareGPT conversations (JSON), or one's own (JSON lines). */
/** Shorter ones say nothing, longer ones do not fit everywhere; the same limits as vLLM's. */
const LIMITS = {
	shortest: 4,
	longestPrompt: 1024,
	longestTotal: 2048
};
const CHARACTERS_PER_TOKEN = 4;
/**
* Reads all usable prompts of the file, in the order of the file for "custom", shuffled for "sharegpt".
*
* @throws ConfigError if the file cannot be read, has the wrong form, or holds no usable prompt
*/
async function readPromptFile(options, random) {
	const { path, format } = options;
	let text;
	try {
		text = await readFile(path, "utf8");
	} catch (cause) {
		throw new ConfigError(`--dataset-path ${path}: cannot be read: ${messageOf(cause)}`, { cause });
	}
	const prompts = format === "custom" ? await customPrompts(text, options) : await shareGptPrompts(text, options);
	if (prompts.length === 0) throw new ConfigError(`--dataset-path ${path}: there is no usable prompt in it`);
	return new PromptSupply(format === "custom" ? prompts : random.shuffle(prompts));
}
/** Gives prompts out one after the other, and begins again when there are no more. */
var PromptSupply = class {
	#prompts;
	#next = 0;
	/** @param prompts at least one */
	constructor(prompts) {
		this.#prompts = prompts;
	}
	get size() {
		return this.#prompts.length;
	}
	take(count) {
		return Array.from({ length: count }, () => this.#prompts[this.#next++ % this.#prompts.length]);
	}
};
/** Lines like `{"prompt": "Once upon a time", "output_tokens": 20}`. */
async function customPrompts(text, options) {
	const prompts = [];
	for (const [i, line] of text.split("\n").entries()) {
		if (line.trim() === "") continue;
		const where = `--dataset-path ${options.path}, line ${i + 1}`;
		const { prompt, output_tokens: given } = parse(line, where);
		if (typeof prompt !== "string" || prompt === "") throw new ConfigError(`${where}: expected {"prompt": "a text"}; got ${showValue(prompt)} as prompt`);
		if (given !== void 0 && given !== null && !(Number.isSafeInteger(given) && given > 0)) throw new ConfigError(`${where}: output_tokens: expected an integer from 1; got ${showValue(given)}`);
		prompts.push({
			prompt,
			promptTokens: await options.countTokens?.(prompt),
			outputTokens: options.outputLen ?? given ?? options.defaultOutputLen
		});
	}
	return prompts;
}
/** The first question of each conversation, and as many output tokens as its answer has. */
async function shareGptPrompts(text, options) {
	const where = `--dataset-path ${options.path}`;
	const list = parse(text, where);
	if (!Array.isArray(list)) throw new ConfigError(`${where}: expected a list of conversations; got ${showValue(list)}`);
	const { outputLen, countTokens } = options;
	const count = async (value) => countTokens === void 0 ? Math.ceil(value.length / CHARACTERS_PER_TOKEN) : countTokens(value);
	const prompts = [];
	for (const entry of list) {
		const turns = Array.isArray(entry?.conversations) ? entry.conversations : [];
		const [question, answer] = [turns[0]?.value, turns[1]?.value];
		if (typeof question !== "string" || typeof answer !== "string") continue;
		const promptTokens = await count(question);
		const outputTokens = outputLen ?? await count(answer);
		if (promptTokens < LIMITS.shortest || outputLen === void 0 && outputTokens < LIMITS.shortest) continue;
		if (promptTokens > LIMITS.longestPrompt || promptTokens + outputTokens > LIMITS.longestTotal) continue;
		prompts.push({
			prompt: question,
			promptTokens: countTokens === void 0 ? void 0 : promptTokens,
			outputTokens
		});
	}
	return prompts;
}
function parse(text, where) {
	try {
		const value = JSON.parse(text);
		if (typeof value === "object" && value !== null) return value;
		throw new Error(`expected an object or a list; got ${showValue(value)}`);
	} catch (cause) {
		throw new ConfigError(`${where}: ${messageOf(cause)}`, { cause });
	}
}
// src/tools/bench/prompt-source.ts
const DATASET_NAMES = [
	"random",
	"sharegpt",
	"custom"
];
/** @throws ConfigError if the file is missing or wrong */
async function openPromptSource(options, form) {
	const { name, path, seed, outputLen, defaultOutputLen } = options;
	if (name === "random") return randomSource(options, form);
	if (path === void 0) throw new ConfigError(`--dataset-name ${name} needs a file: --dataset-path FILE`);
	const tokenizer = form.kind === "words" ? void 0 : form.tokenizer;
	const supply = await readPromptFile({
		path,
		format: name,
		outputLen,
		defaultOutputLen,
		countTokens: tokenizer && (async (text) => (await tokenizer.encode(text)).length)
	}, new RandomSource(seed));
	return async (count) => supply.take(count);
}
function randomSource(options, form) {
	const { inputLen, outputLen, defaultOutputLen, rangeRatio, prefixLen, seed } = options;
	let calls = 0;
	return async (numPrompts) => {
		const random = new RandomSource(seed, calls++);
		const lengths = {
			numPrompts,
			inputLen,
			outputLen: outputLen ?? defaultOutputLen,
			rangeRatio,
			prefixLen
		};
		if (form.kind === "words") return randomWordPrompts(random, lengths);
		if (form.kind === "ids") return randomPrompts(random, lengths, form.pool);
		return randomTextPrompts(random, lengths, form.tokenizer);
	};
}
export { openPromptSource as n, DATASET_NAMES as t };
