import { r as Option } from "./esm-Dw-7_SaM.js";
import { t as DATASET_NAMES } from "./prompt-source-BbDYDC0C.js";
import { r as number, t as integer } from "./number-flags-BSNjODpc.js";
import { t as UsageError } from "./exit-Bl2g91cb.js";
// src/cli/dataset-flags.ts
const GROUP = "Prompts:";
const DEFAULT_INPUT_LEN = 128;
const DEFAULT_OUTPUT_LEN = 64;
/** Adds the flags; the result reads them. @throws UsageError (in the function that comes back) for flags that do not fit */
function addDatasetFlags(command) {
	const add = (flags, description, read, choices) => {
		const option = new Option(flags, description).helpGroup(GROUP);
		if (read) option.argParser(read);
		if (choices) option.choices(choices);
		command.addOption(option);
	};
	add("--dataset-name <name>", "random: random tokens; sharegpt: first turns of a ShareGPT JSON; custom: JSON lines with prompt and, if wanted, output_tokens. (default: random)", void 0, DATASET_NAMES);
	add("--dataset-path <file>", "The file of sharegpt and custom.");
	add("--num-prompts <n>", "Prompts of one run. (default: 64)", integer("--num-prompts", { min: 1 }));
	const inputLen = integer("--input-len", { min: 1 });
	add("--input-len <n>", `Tokens of a random prompt; also --random-input-len. (default: ${DEFAULT_INPUT_LEN})`, inputLen);
	add("--output-len <n>", `Output tokens of every prompt; also --random-output-len. (default: what the file says, else ${DEFAULT_OUTPUT_LEN})`, integer("--output-len", { min: 1 }));
	command.addOption(new Option("--random-input-len <n>").argParser(inputLen).hideHelp());
	command.addOption(new Option("--random-output-len <n>").argParser(integer("--random-output-len", { min: 1 })).hideHelp());
	add("--random-range-ratio <x>", "Lengths of random prompts and outputs vary by this share to both sides. (default: 0)", ratio);
	add("--random-prefix-len <n>", "Tokens before them that all random prompts of a run share. (default: 0)", integer("--random-prefix-len", { min: 0 }));
	return (seed) => {
		const flags = command.opts();
		const name = flags.datasetName ?? "random";
		if (name !== "random" && flags.datasetPath === void 0) throw new UsageError(`--dataset-name ${name} needs a file: --dataset-path FILE`);
		if (name === "random" && flags.datasetPath !== void 0) throw new UsageError("--dataset-path needs --dataset-name sharegpt or custom");
		return {
			name,
			path: flags.datasetPath,
			inputLen: flags.inputLen ?? flags.randomInputLen ?? DEFAULT_INPUT_LEN,
			outputLen: flags.outputLen ?? flags.randomOutputLen,
			defaultOutputLen: DEFAULT_OUTPUT_LEN,
			rangeRatio: flags.randomRangeRatio ?? 0,
			prefixLen: flags.randomPrefixLen ?? 0,
			seed
		};
	};
}
/** Prompts of one run. */
function numPrompts(command) {
	return command.opts().numPrompts ?? 64;
}
function ratio(text) {
	const value = number("--random-range-ratio", {
		min: 0,
		max: 1
	})(text);
	if (value < 1) return value;
	throw new UsageError(`--random-range-ratio: expected a number from 0, below 1; got ${JSON.stringify(text)}`);
}
export { numPrompts as n, addDatasetFlags as t };
