// src/tools/bench/random-prompts.ts
/** The first ids of a vocabulary are often special tokens and single bytes. */
const FIRST_PLAIN_ID = 1e3;
const MAX_REPAIRS = 12;
/** With fewer whole words than this, texts are made of any tokens. */
const MIN_WORDS = 32;
/** Ids of a vocabulary of which nothing is known but its size: from 1,000 up, from a quarter up where it is small. */
function poolOfSize(vocabSize, excluded = []) {
	const low = Math.min(FIRST_PLAIN_ID, Math.floor(vocabSize / 4));
	return poolOfIds(Array.from({ length: Math.max(1, vocabSize - low) }, (_, i) => low + i).filter((id) => !excluded.includes(id)));
}
/** Ids of a tokenizer that are not special, below `vocabSize` (the model's, which may be larger or smaller). */
function poolOfTokenizer(tokenizer, vocabSize = tokenizer.vocabSize) {
	return poolOfIds(plainIds(tokenizer).filter((id) => id < vocabSize));
}
/** Ids that stay what they are when their text is tokenized again: words with a space before them, if there are enough. */
function poolOfWords(tokenizer) {
	const plain = plainIds(tokenizer);
	const words = plain.filter((id) => {
		const bytes = tokenizer.tokenBytes(id);
		return bytes !== void 0 && /^ [A-Za-z]{2,}$/.test(Buffer.from(bytes).toString("latin1"));
	});
	return poolOfIds(words.length >= MIN_WORDS ? words : plain);
}
function plainIds(tokenizer) {
	return Array.from({ length: tokenizer.vocabSize }, (_, id) => id).filter((id) => !tokenizer.isSpecial(id) && tokenizer.idToToken(id) !== void 0);
}
function poolOfIds(ids) {
	return { draw: (random) => ids[random.integer(0, ids.length - 1)] ?? 0 };
}
/** `count` ids of the pool. */
function randomTokenIds(random, count, pool) {
	return Array.from({ length: count }, () => pool.draw(random));
}
/** Prompts of token ids; the same for the same state of `random`. */
function randomPrompts(random, options, pool) {
	const prefix = randomTokenIds(random, options.prefixLen, pool);
	return Array.from({ length: options.numPrompts }, () => {
		const own = randomLength(random, options.inputLen, options.rangeRatio);
		const outputTokens = randomLength(random, options.outputLen, options.rangeRatio);
		const prompt = [...prefix, ...randomTokenIds(random, own, pool)];
		return {
			prompt,
			promptTokens: prompt.length,
			outputTokens
		};
	});
}
function randomLength(random, length, ratio) {
	return Math.max(1, random.integer(Math.floor(length * (1 - ratio)), Math.ceil(length * (1 + ratio))));
}
/** Prompts of text that the tokenizer turns into the wanted number of tokens, special ones around it included. */
async function randomTextPrompts(random, options, tokenizer) {
	const pool = poolOfWords(tokenizer);
	const texts = [];
	for (const { prompt, outputTokens } of randomPrompts(random, options, pool)) texts.push({
		...await textOfLength(prompt, tokenizer, pool, random),
		outputTokens
	});
	return texts;
}
/** Decoding and encoding again may give other ids: ids are cut off or added until the length is right, or nearly so. */
async function textOfLength(wanted, tokenizer, pool, random) {
	const surroundings = (await tokenizer.encode("")).length;
	const length = Math.max(1, wanted.length - surroundings);
	let ids = wanted.slice(0, length);
	let best = {
		prompt: "",
		promptTokens: Infinity
	};
	for (let i = 0; i < MAX_REPAIRS; i++) {
		const prompt = tokenizer.decode(ids);
		const again = await tokenizer.encode(prompt, { addSpecialTokens: false });
		const promptTokens = again.length + surroundings;
		const distance = (tokens) => Math.abs(tokens - wanted.length);
		if (distance(promptTokens) < distance(best.promptTokens)) best = {
			prompt,
			promptTokens
		};
		if (again.length === length) break;
		const missing = randomTokenIds(random, Math.max(0, length - again.length), pool);
		ids = again.length > length ? again.slice(0, length) : [...again, ...missing];
	}
	return best;
}
/** Short English words, each one token with the space before it in most vocabularies. */
const WORDS = "time year people way day man thing woman life child world school state family student group country problem hand part place case week company system program question work night point home water room mother area money story fact month lot right study book eye job word business issue side kind head house service friend father power hour game line end member law car city name team minute idea body back face others level office door health person art war history party result change morning reason research girl guy moment air teacher force order".split(" ");
/** Prompts of plain words, about one token each; for chats with a server whose tokenizer is not at hand. */
function randomWordPrompts(random, options) {
	return randomPrompts(random, options, poolOfIds(WORDS.map((_, i) => i))).map(({ prompt, outputTokens }) => ({
		prompt: prompt.map((index) => WORDS[index]).join(" "),
		promptTokens: void 0,
		outputTokens
	}));
}
export { randomTokenIds as a, randomTextPrompts as i, poolOfTokenizer as n, randomWordPrompts as o, randomPrompts as r, poolOfSize as t };
