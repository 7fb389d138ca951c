import { r as ConfigError } from "./errors-CjlPyKrT.js";
import { t as openBenchEngine } from "./bench-engine-DoUyWgdp.js";
import { t as engineTokenPool } from "./engine-token-pool-B9N6TBED.js";
import { n as openPromptSource } from "./prompt-source-BbDYDC0C.js";
// src/tools/bench/throughput.ts
/** `quire bench throughput`: many prompts handed to `LLM.generate` at once. */
/** Prompt tokens of the warm-up, which compiles the programs of a first step. */
const WARM_UP_TOKENS = {
	inputLen: 8,
	outputLen: 2
};
/**
* Loads the model, warms up with one short prompt, and measures.
*
* @throws ConfigError if the file of prompts is wrong or a prompt does not fit the model; AbortError; what loading throws
*/
async function benchThroughput(options) {
	const opened = await openBenchEngine(options);
	await using llm = opened.llm;
	const { model, loadSeconds } = opened;
	const { dataset, n, temperature, detokenize, signal } = options;
	if (dataset.name !== "random" && llm.tokenizer === void 0) throw new ConfigError(`--dataset-name ${dataset.name} holds text, and the model has no tokenizer; use random`);
	const form = {
		kind: "ids",
		pool: await engineTokenPool(llm),
		tokenizer: llm.tokenizer
	};
	const prompts = await (await openPromptSource(dataset, form))(options.numPrompts);
	checkLengths(prompts, model);
	const warmUp = await openPromptSource({
		...dataset,
		...WARM_UP_TOKENS,
		name: "random",
		seed: dataset.seed + 1
	}, form);
	const params = {
		n,
		temperature,
		detokenize,
		ignoreEos: true
	};
	await llm.generate((await warmUp(1)).map(ids), {
		...params,
		maxTokens: WARM_UP_TOKENS.outputLen
	});
	const stepsBefore = llm.stats().numSteps;
	const began = performance.now();
	const outputs = await llm.generate(prompts.map(ids), prompts.map(({ outputTokens }) => ({
		...params,
		maxTokens: outputTokens
	})), {
		...signal ? { signal } : {},
		onProgress: ({ finished, total }) => options.onProgress?.(finished, total)
	});
	const durationSeconds = (performance.now() - began) / 1e3;
	const requests = outputs.map((output) => ({
		promptTokens: output.promptTokenIds.length,
		outputTokens: output.outputs.map(({ tokenIds }) => tokenIds.length)
	}));
	const promptTokens = sum(requests.map((request) => request.promptTokens));
	const outputTokens = sum(requests.map((request) => sum(request.outputTokens)));
	return {
		model,
		loadSeconds,
		durationSeconds,
		numPrompts: prompts.length,
		promptTokens,
		outputTokens,
		cachedTokens: sum(outputs.map((output) => output.numCachedTokens)),
		requestsPerSecond: prompts.length / durationSeconds,
		totalTokensPerSecond: (promptTokens + outputTokens) / durationSeconds,
		outputTokensPerSecond: outputTokens / durationSeconds,
		numSteps: llm.stats().numSteps - stepsBefore,
		requests
	};
}
function ids({ prompt }) {
	return typeof prompt === "string" ? prompt : { promptTokenIds: prompt };
}
function sum(values) {
	return values.reduce((total, value) => total + value, 0);
}
function checkLengths(prompts, { maxModelLen }) {
	const long = prompts.find(({ promptTokens = 0, outputTokens }) => promptTokens + outputTokens > maxModelLen);
	if (long === void 0) return;
	const { promptTokens = 0, outputTokens } = long;
	throw new ConfigError(`a prompt of ${promptTokens} tokens and an output of ${outputTokens} are ${promptTokens + outputTokens}; the model takes ${maxModelLen} (--max-model-len)`);
}
/** The result as text. */
function throughputText(result) {
	const cached = result.cachedTokens > 0 ? `, ${result.cachedTokens} of them from the prefix cache` : "";
	return [
		`requests       ${result.numPrompts} in ${result.durationSeconds.toFixed(2)} s, ${result.numSteps} steps`,
		`prompt tokens  ${result.promptTokens}${cached}`,
		`output tokens  ${result.outputTokens}`,
		`throughput     ${result.requestsPerSecond.toFixed(2)} req/s, ${result.totalTokensPerSecond.toFixed(1)} total tok/s, ${result.outputTokensPerSecond.toFixed(1)} output tok/s`,
		""
	].join("\n");
}
export { benchThroughput, throughputText };
