import { t as engineTokenPool } from "./engine-token-pool-B9N6TBED.js";
import { a as randomTokenIds } from "./random-prompts-DB1w5q9P.js";
import { t as RandomSource } from "./random-source-D46t_u7c.js";
// src/tools/bench/startup-child.ts
/** @param tell takes each event, at once */
async function runStartupChild(engine, work, tell) {
	const commandMs = performance.now();
	const { LLM } = await import("./llm-DXrrh0y3.js");
	const loadMs = performance.now();
	const progress = /* @__PURE__ */ new Map();
	const note = ({ phase }) => {
		const endMs = performance.now();
		progress.set(phase, {
			name: phase,
			startMs: progress.get(phase)?.startMs ?? endMs,
			endMs
		});
	};
	await using llm = new LLM(engine, { progress: note });
	await llm.ready();
	const readyMs = performance.now();
	tell({
		event: "ready",
		phases: [
			{
				name: "node and command line",
				startMs: 0,
				endMs: commandMs
			},
			{
				name: "engine's modules",
				startMs: commandMs,
				endMs: loadMs
			},
			{
				name: "loading",
				startMs: loadMs,
				endMs: readyMs
			},
			...[...progress.values()].map((phase) => ({
				...phase,
				name: `  ${phase.name}`
			}))
		]
	});
	const prompt = randomTokenIds(new RandomSource(0), work.inputLen, await engineTokenPool(llm));
	const params = {
		temperature: 0,
		maxTokens: work.outputLen,
		ignoreEos: true
	};
	let isFirst = true;
	for await (const _ of llm.stream(prompt, params)) {
		if (isFirst) tell({ event: "first token" });
		isFirst = false;
	}
}
export { runStartupChild };
