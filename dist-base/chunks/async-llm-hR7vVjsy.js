// src/engine/async-llm.ts
/**
* Finds the model (on disk, in the Hugging Face cache, or on the hub), and loads it and its tokenizer.
* @throws ConfigError, CheckpointError, ResourceError or UnsupportedError (as a rejection)
*/
async function openAsyncLLM(config, hooks = {}) {
	const { loadEngine } = await import("./load-engine-CyMQ4Fjn.js");
	return asyncLLMOver(await loadEngine(config, hooks));
}
/** The server's face of an engine. */
function asyncLLMOver(engine) {
	return new EngineAsyncLLM(engine);
}
var EngineAsyncLLM = class {
	#engine;
	constructor(engine) {
		this.#engine = engine;
	}
	get modelConfig() {
		return this.#engine.info;
	}
	get servedModelNames() {
		return this.#engine.config.servedModelName;
	}
	get tokenizer() {
		return this.#engine.tokenizer;
	}
	get isDead() {
		return this.#engine.deathError !== void 0;
	}
	get isResponding() {
		return this.#engine.isResponding;
	}
	get deathError() {
		return this.#engine.deathError;
	}
	defaultSamplingParams() {
		return this.#engine.defaultSamplingParams;
	}
	generate(prompt, params, options = {}) {
		return this.#engine.generate(prompt, params, {
			strictLength: true,
			...options
		});
	}
	renderChat(messages, options = {}) {
		return this.#engine.renderChat(messages, options);
	}
	abort(requestId) {
		this.#engine.abort(requestId);
	}
	resetPrefixCache() {
		return this.#engine.resetPrefixCache();
	}
	stats() {
		return this.#engine.stats();
	}
	close() {
		return this.#engine.close();
	}
};
export { openAsyncLLM as n, asyncLLMOver as t };
