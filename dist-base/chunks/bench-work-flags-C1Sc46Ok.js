import { r as Option } from "./esm-Dw-7_SaM.js";
import { i as loadHooks } from "./engine-flags-tO_pTznq.js";
import { t as UsageError } from "./exit-Bl2g91cb.js";
import { r as number, t as integer } from "./number-flags-BSNjODpc.js";
// src/cli/bench-work-flags.ts
/** Adds the flags; the result reads them. @throws UsageError (in the function that comes back) for flags that do not fit */
function addWorkFlags(command) {
	const add = (option) => command.addOption(option.helpGroup("Work:"));
	add(new Option("--n <n>", "Outputs of each prompt.").argParser(integer("--n", { min: 1 })).default(1));
	const temperature = number("--temperature", {
		min: 0,
		max: 2
	});
	add(new Option("--temperature <x>", "0 is greedy. (default: 0; 1 with --n above 1)").argParser(temperature));
	add(new Option("--disable-detokenize", "Make no text of the tokens."));
	return () => {
		const flags = command.opts();
		const { n } = flags;
		if (n > 1 && flags.temperature === 0) throw new UsageError(`--n ${n} needs a --temperature above 0: greedy outputs would all be equal`);
		return {
			n,
			temperature: flags.temperature ?? (n > 1 ? 1 : 0),
			detokenize: flags.disableDetokenize !== true
		};
	};
}
/** What the benchmark tells while it loads the engine, and what stops it: options of it. */
function loadingOptions({ bar, signal }) {
	const onLoaded = (info, seconds) => bar.line(`${info.architecture} ${info.dtype} on ${info.platform}; loaded in ${seconds.toFixed(2)} s`);
	return {
		hooks: loadHooks(bar),
		signal,
		onLoaded
	};
}
export { loadingOptions as n, addWorkFlags as t };
