import { r as Option } from "./esm-Dw-7_SaM.js";
import { i as BenchProgress, n as addJsonFlag, t as ResultOutput } from "./result-output-CHKBbMJQ.js";
import { n as loadingOptions, t as addWorkFlags } from "./bench-work-flags-C1Sc46Ok.js";
import { r as engineSettings, t as addEngineFlags } from "./engine-flags-tO_pTznq.js";
import { n as listOf, t as integer } from "./number-flags-BSNjODpc.js";
// src/cli/commands/bench/latency.ts
function define(command) {
	addFlags(command);
	const work = addWorkFlags(command);
	addJsonFlag(command);
	const engineOptions = addEngineFlags(command);
	return async ([model], version) => {
		const engine = engineOptions(model);
		const { inputLen, outputLen, batchSize, numItersWarmup, numIters, probe, breakdown, json } = command.opts();
		const settings = {
			inputLen,
			outputLen,
			batchSizes: batchSize,
			numItersWarmup,
			numIters,
			...work(),
			seed: engine.seed ?? 0,
			probe: probe === true,
			breakdown: breakdown === true
		};
		const output = new ResultOutput(json);
		const { benchLatency } = await import("./latency-CYavQznL.js");
		const { latencyTables } = await import("./latency-table-COVUDX3N.js");
		const progress = new BenchProgress();
		try {
			const result = await benchLatency({
				...settings,
				engine,
				...loadingOptions(progress),
				onIteration: (done, total) => progress.update("measuring", done, total, "batches")
			});
			progress.bar.clear();
			output.print(latencyTables(result));
			output.finish("latency", version, {
				...settings,
				engine: engineSettings(engine)
			}, result);
			return result.isInterrupted ? 130 : 0;
		} finally {
			progress.close();
		}
	};
}
function addFlags(command) {
	const add = (option) => command.addOption(option.helpGroup("Work:"));
	const count = (flag, description, fallback, min = 1) => void add(new Option(`--${flag} <n>`, description).argParser(integer(`--${flag}`, { min })).default(fallback));
	count("input-len", "Tokens of each prompt.", 32);
	count("output-len", "Tokens of each output.", 128);
	add(new Option("--batch-size <n,...>", "Prompts at once; several sizes take turns in each iteration.").argParser(listOf("--batch-size", integer("--batch-size", { min: 1 }))).default([8], "8"));
	count("num-iters-warmup", "Iterations before, not counted.", 3, 0);
	count("num-iters", "Iterations that count.", 10);
	add(new Option("--breakdown", "Then measure some more steps: time by op, beside the roofline; and what is outside the ops."));
	add(new Option("--probe", "Measure memory bandwidth before and after: tokens of a shared machine mean little alone."));
}
export { define };
