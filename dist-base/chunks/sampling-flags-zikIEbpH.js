import { r as Option } from "./esm-Dw-7_SaM.js";
import { t as UsageError } from "./exit-Bl2g91cb.js";
// src/cli/sampling-flags.ts
const GROUP = "Sampling:";
/** Flag, field, description. Where nothing is given, the model's own values hold. */
const NUMBERS = [
	[
		"max-tokens",
		"maxTokens",
		"Longest output, in tokens; 0: as long as the model allows."
	],
	[
		"min-tokens",
		"minTokens",
		"Nothing stops the output before this many tokens."
	],
	[
		"temperature",
		"temperature",
		"0 always takes the likeliest token; higher is more varied."
	],
	[
		"top-p",
		"topP",
		"Keep the likeliest tokens that together reach this probability."
	],
	[
		"top-k",
		"topK",
		"Keep the k likeliest tokens; 0: all."
	],
	[
		"min-p",
		"minP",
		"Drop tokens less likely than this share of the likeliest."
	],
	[
		"presence-penalty",
		"presencePenalty",
		"Against tokens that came already."
	],
	[
		"frequency-penalty",
		"frequencyPenalty",
		"The same, by how often they came."
	],
	[
		"repetition-penalty",
		"repetitionPenalty",
		"Against tokens of prompt and output; 1: off."
	]
];
/** Adds the flags; the result reads what was given. `defaultMaxTokens`: null is as long as the model allows. */
function addSamplingFlags(command, defaultMaxTokens) {
	for (const [flag, field, description] of NUMBERS) {
		const shown = field === "maxTokens" ? ` (default: ${defaultMaxTokens ?? "as long as the model allows"})` : "";
		const option = new Option(`--${flag} <x>`, description + shown);
		command.addOption(option.argParser((text) => parseNumber(flag, text)).helpGroup(GROUP));
	}
	command.addOption(new Option("--stop <strings...>", "Strings that end the output.").helpGroup(GROUP));
	command.addOption(new Option("--ignore-eos", "Go on after the end-of-sequence token.").helpGroup(GROUP));
	return () => {
		const options = command.opts();
		const given = {};
		for (const field of [
			...NUMBERS.map(([, name]) => name),
			"stop",
			"ignoreEos"
		]) if (options[field] !== void 0) given[field] = options[field];
		if (given.maxTokens === 0) given.maxTokens = null;
		return given;
	};
}
function parseNumber(flag, text) {
	const value = Number(text);
	if (text.trim() !== "" && Number.isFinite(value)) return value;
	throw new UsageError(`--${flag}: expected a number; got ${JSON.stringify(text)}`);
}
export { addSamplingFlags as t };
