import { t as LLM } from "./llm-BklGVwMx.js";
// src/tools/bench/bench-engine.ts
/**
* The loaded engine; the caller closes it.
* @param defaults where the options choose nothing
* @throws what loading throws
*/
async function openBenchEngine(options, defaults = {}) {
	const start = performance.now();
	const llm = new LLM({
		...defaults,
		...options.engine
	}, options.hooks);
	try {
		const model = await llm.ready();
		const loadSeconds = (performance.now() - start) / 1e3;
		options.onLoaded?.(model, loadSeconds);
		return {
			llm,
			model,
			loadSeconds
		};
	} catch (error) {
		await llm.close();
		throw error;
	}
}
export { openBenchEngine as t };
