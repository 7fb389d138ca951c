import { a as optionFields, n as parseEngineConfig, o as valueFromText, t as engineSchema } from "./engine-config-D9uvfcfS.js";
import { r as showBytes } from "./human-number-CzIhQD6Q.js";
import { t as commandPath } from "./command-path-5yrOUZrW.js";
import { t as UsageError } from "./exit-Bl2g91cb.js";
import { r as Option } from "./esm-Dw-7_SaM.js";
import { r as ConfigError } from "./errors-CjlPyKrT.js";
// src/config/flags-page.ts
/** What help and docs show for an option nobody gave: its default, or words. */
function showDefault(field) {
	if (field.defaultText !== void 0) return field.defaultText;
	const value = field.default;
	if (value === void 0) return "none";
	if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(" ");
	if (typeof value === "object") return JSON.stringify(value);
	return value === "" ? "none" : String(value);
}
// src/cli/schema-flags.ts
/** Wrong flags are wrong usage: exit code 2. */
function asUsage(parse) {
	try {
		return parse();
	} catch (error) {
		if (error instanceof ConfigError) throw new UsageError(error.message, { cause: error });
		throw error;
	}
}
/** Adds a flag for each field; the schema's defaults stay the schema's. */
function addSchemaFlags(command, schema, only) {
	const fields = optionFields(schema).filter((field) => only === void 0 || only.includes(field.name));
	const options = [];
	const add = (option, field) => {
		command.addOption(option.helpGroup(`${field.group}:`));
		options.push({
			option,
			field
		});
	};
	for (const field of fields) field.flags.forEach((flag, i) => {
		const option = valueOption(field, flag, i === 0);
		add(i === 0 ? option : option.hideHelp(), field);
		if (field.kind === "boolean") add(new Option(`--no-${flag}`).hideHelp(), field);
	});
	const values = () => {
		const given = {};
		for (const { option, field } of options) {
			const name = option.attributeName();
			if (command.getOptionValueSource(name) === "cli") given[field.name] = command.getOptionValue(name);
		}
		return given;
	};
	return {
		fields,
		values
	};
}
function valueOption(field, flag, isMain) {
	const short = isMain && field.short !== void 0 ? `-${field.short}, ` : "";
	const text = `${description(field)} (${field.kind === "boolean" ? "" : `${field.expected}; `}default: ${showDefault(field)})`;
	if (field.kind === "boolean") return new Option(`${short}--${flag}`, text);
	const isList = field.kind === "list";
	return new Option(`${short}--${flag} <${isList ? "values..." : placeholder(field)}>`, text).argParser((given, previous) => {
		const value = asUsage(() => valueFromText(field, given, `--${flag}`));
		return isList ? [...Array.isArray(previous) ? previous : [], ...value] : value;
	});
}
function description(field) {
	const aliases = field.flags.slice(1).map((flag) => `--${flag}`);
	const also = aliases.length > 0 ? ` Also ${aliases.join(", ")}.` : "";
	const env = field.env === void 0 ? "" : ` Environment: ${field.env}.`;
	return `${field.description}${also}${env}`;
}
function placeholder(field) {
	return {
		text: "value",
		choice: "choice",
		object: "json",
		integer: "n",
		number: "x",
		tokens: "n",
		bytes: "bytes"
	}[field.kind];
}
// src/cli/engine-flags.ts
/** Adds MODEL and the flags; the result reads the options that were given and checks them. */
function addEngineFlags(command, only) {
	command.argument("[model]", "folder, .gguf file, or model id on the hub (org/name)");
	const flags = addSchemaFlags(command, engineSchema, only);
	return (model) => {
		const values = flags.values();
		if (model !== void 0 && values.model !== void 0 && values.model !== model) throw new UsageError(`two models: ${model} and --model ${String(values.model)}; give one`);
		const options = {
			...values,
			model: model ?? values.model
		};
		if (options.model === void 0) throw new UsageError(`MODEL is missing: ${commandPath(command).join(" ")} MODEL, a folder, a .gguf file or a model id`);
		asUsage(() => parseEngineConfig(options));
		return options;
	};
}
/** The options that were given, without secrets: for files that others may read. */
function engineSettings(options) {
	const secret = new Set(optionFields(engineSchema).flatMap((field) => field.secret ? [field.name] : []));
	return Object.fromEntries(Object.entries(options).filter(([name]) => !secret.has(name)));
}
/** Shows a download on the bar. */
function downloadProgress(bar) {
	return ({ bytesDone, bytesTotal }) => showProgress(bar, "downloading", bytesDone, bytesTotal);
}
function showProgress(bar, phase, bytesDone, bytesTotal) {
	const share = bytesTotal === 0 ? 1 : bytesDone / bytesTotal;
	bar.update(phase, share, `${showBytes(bytesDone)} of ${showBytes(bytesTotal)}`);
}
/** Hooks that show loading on the bar, and the engine's lines above it. */
function loadHooks(bar) {
	return {
		log: (line) => bar.line(line),
		progress: ({ phase, done, total }) => showProgress(bar, phase, done, total)
	};
}
export { addSchemaFlags as a, loadHooks as i, downloadProgress as n, asUsage as o, engineSettings as r, addEngineFlags as t };
