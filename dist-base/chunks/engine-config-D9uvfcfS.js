import { t as processEnvironment } from "./environment-ChMoDSMV.js";
import { _ as unknown, a as _enum, c as int, d as number, g as union, h as string, i as ZodPipe, l as literal, m as strictObject, n as ZodEnum, o as array, p as record, r as ZodOptional, s as boolean, t as ZodDefault, v as registry$1, y as NEVER } from "./schemas-7FBsOODy.js";
import { n as parseHumanInteger, t as parseHumanBytes } from "./human-number-CzIhQD6Q.js";
import { r as ConfigError } from "./errors-CjlPyKrT.js";
import { t as closest } from "./closest-BxAlryWr.js";
import { n as showValue } from "./text-eUgHTlLT.js";
// src/config/option.ts
/** What an option is besides its zod schema: group, flags, text for help; and how its value is read from text. */
const registry = registry$1();
/** A copy of the schema with `info` attached: fields may share one schema, never their texts. */
function option(schema, info) {
	const field = schema.clone();
	registry.add(field, info);
	return field;
}
/** maxModelLen -> max-model-len */
function flagName(field) {
	return field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
/** The fields of a schema whose members were made by `option`, in order. */
function optionFields(schema) {
	return Object.entries(schema.shape).map(([name, member]) => {
		const info = registry.get(member);
		if (info === void 0) throw new Error(`${name} is not made by option()`);
		const choices = info.kind === "choice" ? choicesOf(member) : [];
		const derived = info.kind === "boolean" ? "true or false" : `one of ${choices.join(", ")}`;
		const parsed = member.safeParse(void 0);
		return {
			...info,
			name,
			flags: info.flags ?? [flagName(name)],
			expected: info.expected ?? derived,
			choices,
			default: parsed.success ? parsed.data : void 0
		};
	});
}
/** The members of the enum inside optional and default wrappers. */
function choicesOf(schema) {
	let inner = schema;
	while (inner instanceof ZodOptional || inner instanceof ZodDefault || inner instanceof ZodPipe) inner = inner instanceof ZodPipe ? inner.in : inner.unwrap();
	return inner instanceof ZodEnum ? inner.options.map(String) : [];
}
/**
* An option's value from the text of a flag or an environment variable; what is no number or boolean stays text, which
* the schema then refuses with the right words.
*
* @throws ConfigError for kind "object" when the text is no JSON
*/
function valueFromText(field, text, where) {
	switch (field.kind) {
		case "integer":
		case "number": return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : text;
		case "boolean":
			if (/^(1|true|yes|on)$/i.test(text)) return true;
			return /^(0|false|no|off|)$/i.test(text) ? false : text;
		case "list": return text.split(",").map((part) => part.trim()).filter((part) => part !== "");
		case "object": try {
			return JSON.parse(text);
		} catch (cause) {
			throw new ConfigError(`${where}: expected JSON; got ${text.slice(0, 80)} (${cause.message})`, { cause });
		}
		default: return text;
	}
}
// src/config/parse-options.ts
/**
* The options with defaults filled in and deeply frozen. What is not given is taken from the option's environment variable.
*
* @param what  names the options in errors: "engine options"
* @throws ConfigError naming each wrong option, its flag, what was expected and what came
*/
function parseOptions(schema, input, variables, what) {
	if (typeof input !== "object" || input === null || Array.isArray(input)) throw new ConfigError(`${what}: expected an object; got ${shown(input)}`);
	const fields = optionFields(schema);
	const given = {};
	for (const [name, value] of Object.entries(input)) if (value !== void 0) Object.defineProperty(given, name, {
		value,
		enumerable: true,
		configurable: true
	});
	const fromEnvironment = /* @__PURE__ */ new Set();
	for (const field of fields) {
		const text = field.env === void 0 ? void 0 : variables[field.env];
		if (text === void 0 || text === "" || Object.hasOwn(given, field.name)) continue;
		given[field.name] = valueFromText(field, text, field.env);
		fromEnvironment.add(field.name);
	}
	const result = schema.safeParse(given);
	if (result.success) return deepFreeze(result.data);
	const lines = result.error.issues.flatMap((issue) => describeIssue(issue, fields, given, fromEnvironment));
	throw new ConfigError([...new Set(lines)].join("\n"));
}
function describeIssue(issue, fields, given, fromEnvironment) {
	if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownOption(key, fields));
	const field = fields.find((candidate) => candidate.name === issue.path[0]);
	if (field === void 0) return [issue.message];
	const source = fromEnvironment.has(field.name) ? field.env : `--${field.flags[0]}`;
	const where = `${field.name} (${source})`;
	const value = field.secret ? "something else" : shown(given[field.name]);
	if (issue.code === "custom" && issue.message !== "Invalid input") return [`${where}: ${issue.message}; got ${value}`];
	return [`${where}: expected ${field.expected}; got ${value}`];
}
function unknownOption(key, fields) {
	const near = closest(key, fields.map((field) => field.name))[0];
	return `${key}: there is no such option${near === void 0 ? "" : `; did you mean ${near}?`}`;
}
function deepFreeze(value) {
	if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
		Object.freeze(value);
		for (const member of Object.values(value)) deepFreeze(member);
	}
	return value;
}
/** A value for a message; an option that was not given is "nothing". */
function shown(value) {
	return value === void 0 ? "nothing" : showValue(value);
}
// src/config/engine-config.ts
/** EngineConfig: every option of the engine; the one source of flags, help, docs and checks. */
/** Schemes that vLLM reads and this version does not. */
const OTHER_QUANTIZATIONS = "awq awq_marlin bitsandbytes compressed-tensors deepspeedfp experts_int8 fbgemm_fp8 fp8 fp_quant gguf gptq gptq_marlin hqq inc modelopt modelopt_fp4 moe_wna16 mxfp4 mxfp8 petit_nvfp4 quark rtn torchao";
const dtypes = [
	"auto",
	"float32",
	"float",
	"bfloat16",
	"float16",
	"half"
];
const text = string().min(1);
const names = union([array(text), text.transform((name) => [name])]);
const object = record(string(), unknown());
const count = int().min(1);
/** A number, or a number as people write it. */
function human(parse) {
	return union([number(), string()]).transform((value, context) => {
		const parsed = typeof value === "number" ? value : parse(value);
		if (parsed !== void 0 && Number.isSafeInteger(parsed) && parsed > 0) return parsed;
		context.issues.push({
			code: "invalid_value",
			values: [],
			input: value
		});
		return NEVER;
	});
}
const maxModelLen = union([
	literal("auto"),
	literal(-1).transform(() => "auto"),
	literal("-1").transform(() => "auto"),
	human(parseHumanInteger)
]);
const dtype = _enum(dtypes).transform((name, context) => {
	if (name === "float") return "float32";
	if (name !== "float16" && name !== "half") return name;
	context.addIssue("float16 is not computed on the CPU; use bfloat16 (same memory) or float32; float16 checkpoints load with either");
	return NEVER;
});
const quantization = text.transform((name, context) => {
	if (name === "int8") return name;
	const known = OTHER_QUANTIZATIONS.split(" ").includes(name);
	context.addIssue(known ? `${name} is known to vLLM, not in this version of Quire; use int8 or leave it out` : "expected int8");
	return NEVER;
});
const model = "ModelConfig";
const load = "LoadConfig";
const platform = "PlatformConfig";
const cache = "CacheConfig";
const scheduler = "SchedulerConfig";
/** One member per option; the order is the order of help and docs. */
const engineSchema = strictObject({
	/** The model: a Hugging Face folder, a .gguf file, or a model id that is downloaded from the hub. */
	model: option(text, {
		group: model,
		kind: "text",
		expected: "a folder, a .gguf file, or the id of a model on the hub (org/name)",
		description: "The model: a Hugging Face folder, a .gguf file, or a model id that is downloaded from the hub."
	}),
	/** Folder or model id of the tokenizer. */
	tokenizer: option(text.optional(), {
		group: model,
		kind: "text",
		expected: "a folder or a model id",
		defaultText: "the model's",
		description: "Folder or model id of the tokenizer."
	}),
	/** Load no tokenizer: prompts are token ids, and so are outputs. */
	skipTokenizerInit: option(boolean().default(false), {
		group: model,
		kind: "boolean",
		description: "Load no tokenizer: prompts are token ids, and so are outputs."
	}),
	/** Type of weights and activations; auto takes the checkpoint's (float16 becomes bfloat16 on the CPU). */
	dtype: option(dtype.default("auto"), {
		group: model,
		kind: "choice",
		expected: `one of ${dtypes.join(", ")}`,
		description: "Type of weights and activations; auto takes the checkpoint's (float16 becomes bfloat16 on the CPU)."
	}),
	/** Seed of the generator behind requests without a seed of their own, and of dummy weights. */
	seed: option(int().min(0).default(0), {
		group: model,
		kind: "integer",
		expected: "an integer from 0",
		description: "Seed of the generator behind requests without a seed of their own, and of dummy weights."
	}),
	/** Longest prompt plus output, in tokens. auto: the longest that the KV cache holds, up to the model's. */
	maxModelLen: option(maxModelLen.optional(), {
		group: model,
		kind: "tokens",
		expected: "a number of tokens from 1, like 4096, 8k (8000) or 8K (8192), or \"auto\"",
		defaultText: "the model's",
		description: "Longest prompt plus output, in tokens. auto: the longest that the KV cache holds, up to the model's."
	}),
	/** Most log-probabilities per token that a request may ask for; -1: the whole vocabulary. */
	maxLogprobs: option(int().min(-1).default(20), {
		group: model,
		kind: "integer",
		expected: "an integer from 0, or -1 for the whole vocabulary",
		description: "Most log-probabilities per token that a request may ask for; -1: the whole vocabulary."
	}),
	/** What is reported as log-probabilities: of the model (raw) or after penalties and temperature. */
	logprobsMode: option(_enum([
		"raw_logprobs",
		"raw_logits",
		"processed_logprobs",
		"processed_logits"
	]).default("raw_logprobs"), {
		group: model,
		kind: "choice",
		description: "What is reported as log-probabilities: of the model (raw) or after penalties and temperature."
	}),
	/** Names under which the API serves the model; the first one is put into answers. */
	servedModelName: option(names.default([]), {
		group: model,
		kind: "list",
		expected: "a name or a list of names",
		defaultText: "the value of --model",
		description: "Names under which the API serves the model; the first one is put into answers."
	}),
	/** Fields that replace those of config.json. */
	hfOverrides: option(object.default({}), {
		group: model,
		kind: "object",
		expected: "a JSON object",
		description: "Fields that replace those of config.json."
	}),
	/** Where sampling defaults come from: auto: the model's generation_config.json; vllm: none; or another folder. */
	generationConfig: option(text.default("auto"), {
		group: model,
		kind: "text",
		expected: "\"auto\", \"vllm\" or a folder",
		description: "Where sampling defaults come from: auto: the model's generation_config.json; vllm: none; or another folder."
	}),
	/** Sampling defaults that replace those of generation_config.json. */
	overrideGenerationConfig: option(object.default({}), {
		group: model,
		kind: "object",
		expected: "a JSON object",
		description: "Sampling defaults that replace those of generation_config.json."
	}),
	/** int8: quantize the linear layers' weights to 8 bits while loading. */
	quantization: option(quantization.optional(), {
		group: model,
		kind: "text",
		short: "q",
		expected: "int8",
		defaultText: "the checkpoint's",
		description: "int8: quantize the linear layers' weights to 8 bits while loading."
	}),
	/** Branch, tag or commit of the model on the hub. */
	revision: option(text.optional(), {
		group: model,
		kind: "text",
		expected: "a branch, tag or commit",
		defaultText: "main",
		description: "Branch, tag or commit of the model on the hub."
	}),
	/** Token for private and gated models on the hub. */
	hfToken: option(text.optional(), {
		group: model,
		kind: "text",
		env: "HF_TOKEN",
		secret: true,
		expected: "a token",
		description: "Token for private and gated models on the hub."
	}),
	/** Which files to read; auto: safetensors, else pytorch_model*.bin; dummy: random weights, config.json alone. */
	loadFormat: option(_enum([
		"auto",
		"safetensors",
		"pt",
		"gguf",
		"dummy"
	]).default("auto"), {
		group: load,
		kind: "choice",
		description: "Which files to read; auto: safetensors, else pytorch_model*.bin; dummy: random weights, config.json alone."
	}),
	/** Folder that holds downloaded models, in the layout of the Hugging Face cache. */
	downloadDir: option(text.optional(), {
		group: load,
		kind: "text",
		expected: "a folder",
		defaultText: "HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub",
		description: "Folder that holds downloaded models, in the layout of the Hugging Face cache."
	}),
	/** Where the engine's core runs: in a process of its own, or in this one. */
	engine: option(_enum([
		"process",
		"in-process",
		"1",
		"0"
	]).transform((where) => where === "1" ? "process" : where === "0" ? "in-process" : where).optional(), {
		group: platform,
		kind: "choice",
		env: "QUIRE_ENABLE_MULTIPROCESSING",
		expected: "process or in-process (in the environment 1 or 0)",
		defaultText: "process for serve, in-process elsewhere",
		description: "Where the engine's core runs: in a process of its own, or in this one."
	}),
	/** What computes: cpu (native kernels) or reference (plain TypeScript, slow); auto: cpu if it was built. */
	platform: option(_enum([
		"auto",
		"cpu",
		"reference"
	]).default("auto"), {
		group: platform,
		kind: "choice",
		env: "QUIRE_PLATFORM",
		description: "What computes: cpu (native kernels) or reference (plain TypeScript, slow); auto: cpu if it was built."
	}),
	/** Threads that compute. */
	cpuThreads: option(count.optional(), {
		group: platform,
		kind: "integer",
		env: "QUIRE_CPU_THREADS",
		expected: "an integer from 1",
		defaultText: "physical cores within the cgroup's limit",
		description: "Threads that compute."
	}),
	/** Instruction set of the native kernels. */
	cpuIsa: option(_enum([
		"portable",
		"avx2",
		"avx512",
		"avx512_bf16",
		"neon"
	]).optional(), {
		group: platform,
		kind: "choice",
		env: "QUIRE_CPU_ISA",
		defaultText: "the best of this machine",
		description: "Instruction set of the native kernels."
	}),
	/** Tokens per block of the KV cache. */
	blockSize: option(int().min(16).multipleOf(16).default(16), {
		group: cache,
		kind: "integer",
		expected: "a multiple of 16",
		description: "Tokens per block of the KV cache."
	}),
	/** Bytes of the KV cache. */
	kvCacheMemoryBytes: option(human(parseHumanBytes).optional(), {
		group: cache,
		kind: "bytes",
		expected: "a number of bytes, like 4GiB, 4G (the same) or 500MB",
		defaultText: "a share of free memory, see --gpu-memory-utilization",
		description: "Bytes of the KV cache."
	}),
	/** Share of the memory that is free when the weights are loaded to use for the KV cache. On the CPU, memory is shared with all else that runs, hence half, not vLLM's 0.92. */
	memoryUtilization: option(number().gt(0).max(1).default(.5), {
		group: cache,
		kind: "number",
		flags: [
			"gpu-memory-utilization",
			"device-memory-utilization",
			"memory-utilization"
		],
		expected: "a number in (0, 1]",
		description: "Share of the memory that is free when the weights are loaded to use for the KV cache. On the CPU, memory is shared with all else that runs, hence half, not vLLM's 0.92."
	}),
	/** Number of blocks of the KV cache, whatever memory there is. */
	numBlocksOverride: option(count.optional(), {
		group: cache,
		kind: "integer",
		flags: ["num-gpu-blocks-override"],
		expected: "an integer from 1",
		defaultText: "from the memory",
		description: "Number of blocks of the KV cache, whatever memory there is."
	}),
	/** Keep the KV cache of finished prompts for later prompts that begin alike. */
	enablePrefixCaching: option(boolean().default(true), {
		group: cache,
		kind: "boolean",
		description: "Keep the KV cache of finished prompts for later prompts that begin alike."
	}),
	/** Type of keys and values in the cache; auto: the activations'. */
	kvCacheDtype: option(_enum([
		"auto",
		"float32",
		"bfloat16"
	]).default("auto"), {
		group: cache,
		kind: "choice",
		description: "Type of keys and values in the cache; auto: the activations'."
	}),
	/** Most tokens that one step computes. */
	maxNumBatchedTokens: option(human(parseHumanInteger).default(512), {
		group: scheduler,
		kind: "tokens",
		expected: "an integer from 1, like 512 or 2K",
		description: "Most tokens that one step computes."
	}),
	/** Most requests that run at the same time. */
	maxNumSeqs: option(human(parseHumanInteger).default(128), {
		group: scheduler,
		kind: "tokens",
		expected: "an integer from 1",
		description: "Most requests that run at the same time."
	}),
	/** Most prompt tokens of one request in one step; 0: no such limit. */
	longPrefillTokenThreshold: option(int().min(0).default(0), {
		group: scheduler,
		kind: "integer",
		expected: "an integer from 0",
		description: "Most prompt tokens of one request in one step; 0: no such limit."
	}),
	/** Compute a long prompt over several steps. */
	enableChunkedPrefill: option(boolean().default(true), {
		group: scheduler,
		kind: "boolean",
		description: "Compute a long prompt over several steps."
	}),
	/** Who goes first: first come, first served, or the request with the lowest priority number. */
	schedulingPolicy: option(_enum(["fcfs", "priority"]).default("fcfs"), {
		group: scheduler,
		kind: "choice",
		description: "Who goes first: first come, first served, or the request with the lowest priority number."
	}),
	/** Share of the blocks that stays free when a new request is let in. */
	watermark: option(number().min(0).lt(1).default(0), {
		group: scheduler,
		kind: "number",
		expected: "a number in [0, 1)",
		description: "Share of the blocks that stays free when a new request is let in."
	}),
	/** Ranks that share each layer; only 1 in this version. */
	tensorParallelSize: option(int().min(1).default(1).refine((size) => size === 1, "more than one rank is not in this version; leave it at 1"), {
		group: "ParallelConfig",
		kind: "integer",
		expected: "1 (more ranks are not in this version)",
		description: "Ranks that share each layer; only 1 in this version."
	}),
	/** Chat template: a file, or the template itself. */
	chatTemplate: option(text.optional(), {
		group: "Frontend",
		kind: "text",
		expected: "a file or a template",
		defaultText: "the tokenizer's",
		description: "Chat template: a file, or the template itself."
	}),
	/** How the template gets a message's content: a string or a list of parts; auto: as the template reads it. */
	chatTemplateContentFormat: option(_enum([
		"auto",
		"string",
		"openai"
	]).default("auto"), {
		group: "Frontend",
		kind: "choice",
		description: "How the template gets a message's content: a string or a list of parts; auto: as the template reads it."
	}),
	/** Plugins to load before the model: paths or packages. Those of the application's dependencies are loaded by themselves; QUIRE_PLUGINS is an allow-list. */
	plugins: option(names.default([]), {
		group: "options",
		kind: "list",
		flags: ["plugin"],
		expected: "a module or a list of modules",
		description: "Plugins to load before the model: paths or packages. Those of the application's dependencies are loaded by themselves; QUIRE_PLUGINS is an allow-list."
	}),
	/** File for a trace of every step: ops, waits and JavaScript, to open in Perfetto or chrome://tracing. */
	profile: option(text.optional(), {
		group: "options",
		kind: "text",
		env: "QUIRE_PROFILE",
		expected: "a file",
		description: "File for a trace of every step: ops, waits and JavaScript, to open in Perfetto or chrome://tracing."
	}),
	/** Print no statistics while running. */
	disableLogStats: option(boolean().default(false), {
		group: "options",
		kind: "boolean",
		description: "Print no statistics while running."
	})
});
/**
* Checks options and fills in what is missing from the environment and the defaults.
*
* @param variables  environment variables; the process's by default
* @throws ConfigError with a line per problem: option and flag, what was expected, what came
*/
function parseEngineConfig(options, variables = processEnvironment()) {
	const config = parseOptions(engineSchemaTogether, options, variables, "engine options");
	if (config.servedModelName.length > 0) return config;
	return Object.freeze({
		...config,
		servedModelName: Object.freeze([config.model])
	});
}
/** The schema with checks that need several options. */
const engineSchemaTogether = engineSchema.superRefine((config, context) => {
	const { maxNumBatchedTokens, maxNumSeqs, longPrefillTokenThreshold } = config;
	const length = typeof config.maxModelLen === "number" ? config.maxModelLen : void 0;
	const complain = (path, message) => context.addIssue({
		code: "custom",
		path: [path],
		message
	});
	if (maxNumBatchedTokens < maxNumSeqs) complain("maxNumBatchedTokens", `must be at least maxNumSeqs (${maxNumSeqs}), one token for each`);
	if (length !== void 0 && !config.enableChunkedPrefill && maxNumBatchedTokens < length) complain("maxNumBatchedTokens", `must be at least maxModelLen (${length}) without chunked prefill`);
	if (length !== void 0 && longPrefillTokenThreshold > length) complain("longPrefillTokenThreshold", `must be at most maxModelLen (${length})`);
});
export { optionFields as a, option as i, parseEngineConfig as n, valueFromText as o, parseOptions as r, engineSchema as t };
