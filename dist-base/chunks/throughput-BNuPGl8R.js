import { i as BenchProgress, n as addJsonFlag, t as ResultOutput } from "./result-output-CHKBbMJQ.js";
import { n as loadingOptions, t as addWorkFlags } from "./bench-work-flags-C1Sc46Ok.js";
import { n as numPrompts, t as addDatasetFlags } from "./dataset-flags-Bo6twRO1.js";
import { r as engineSettings, t as addEngineFlags } from "./engine-flags-tO_pTznq.js";
// src/cli/commands/bench/throughput.ts
function define(command) {
	const dataset = addDatasetFlags(command);
	const work = addWorkFlags(command);
	addJsonFlag(command);
	const engineOptions = addEngineFlags(command);
	return async ([model], version) => {
		const engine = engineOptions(model);
		const { json } = command.opts();
		const settings = {
			dataset: dataset(engine.seed ?? 0),
			numPrompts: numPrompts(command),
			...work()
		};
		const output = new ResultOutput(json);
		const { benchThroughput, throughputText } = await import("./throughput-C3HrWgGm.js");
		const progress = new BenchProgress();
		let finished = 0;
		try {
			const result = await benchThroughput({
				...settings,
				engine,
				...loadingOptions(progress),
				onProgress: (done, total) => {
					finished = done;
					progress.update("measuring", done, total, "prompts");
				}
			});
			progress.bar.clear();
			output.print(throughputText(result));
			output.finish("throughput", version, {
				...settings,
				engine: engineSettings(engine)
			}, result);
			return 0;
		} catch (error) {
			if (!progress.signal.aborted) throw error;
			progress.bar.line(`interrupted after ${finished} of ${settings.numPrompts} prompts`);
			return 130;
		} finally {
			progress.close();
		}
	};
}
export { define };
