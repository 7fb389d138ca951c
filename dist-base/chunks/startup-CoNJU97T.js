import { r as Option } from "./esm-Dw-7_SaM.js";
import { i as BenchProgress, n as addJsonFlag, t as ResultOutput } from "./result-output-CHKBbMJQ.js";
import { r as engineSettings, t as addEngineFlags } from "./engine-flags-tO_pTznq.js";
import { r as number, t as integer } from "./number-flags-BSNjODpc.js";
// src/cli/commands/bench/startup.ts
function define(command) {
	const add = (option) => command.addOption(option.helpGroup("Work:"));
	const count = (flag, description, fallback) => void add(new Option(`--${flag} <n>`, description).argParser(integer(`--${flag}`, { min: 1 })).default(fallback));
	count("num-iters", "Processes to start, one after the other.", 5);
	count("input-len", "Tokens of the prompt.", 8);
	count("output-len", "Tokens of the output.", 1);
	add(new Option("--timeout <s>", "Seconds for one process.").argParser(number("--timeout", {
		min: 0,
		isAbove: true
	})).default(600));
	addJsonFlag(command);
	command.addOption(new Option("--child").hideHelp());
	const engine = addEngineFlags(command);
	return async ([model], version) => {
		const options = engine(model);
		const flags = command.opts();
		const work = {
			inputLen: flags.inputLen,
			outputLen: flags.outputLen
		};
		if (flags.child === true) {
			const { runStartupChild } = await import("./startup-child-CiN05k8y.js");
			await runStartupChild(options, work, (event) => process.stdout.write(`${JSON.stringify(event)}\n`));
			return 0;
		}
		const output = new ResultOutput(flags.json);
		const { benchStartup, startupText } = await import("./startup-B-ULr7vq.js");
		const progress = new BenchProgress();
		try {
			const result = await benchStartup({
				command: [
					process.execPath,
					...process.execArgv,
					...process.argv.slice(1),
					"--child"
				],
				numIters: flags.numIters,
				timeoutMs: flags.timeout * 1e3,
				signal: progress.signal,
				onIteration: (done, total) => progress.update("starting", done, total)
			});
			progress.bar.clear();
			output.print(startupText(result));
			output.finish("startup", version, {
				...work,
				numIters: flags.numIters,
				engine: engineSettings(options)
			}, result);
			return result.isInterrupted ? 130 : 0;
		} finally {
			progress.close();
		}
	};
}
export { define };
