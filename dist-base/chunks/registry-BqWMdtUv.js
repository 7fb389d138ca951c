import { t as CausalLM } from "./causal-lm-DFVGEESM.js";
import { n as editDistance } from "./closest-BxAlryWr.js";
import { t as checkOneCopy } from "./copies-BSAA4BuG.js";
import { r as ConfigError, u as UnsupportedError } from "./errors-CjlPyKrT.js";
import { t as messageOf } from "./text-eUgHTlLT.js";
import { n as registrants, r as theProgram } from "./registrants-ByNX7nE5.js";
// src/models/registry.ts
/** The table of architectures: config.json's `architectures[0]` and the file that implements it, loaded when it is needed. */
const models = new Map(Object.entries({
	BloomForCausalLM: () => import("./bloom-B-hYG_Tf.js"),
	CohereForCausalLM: () => import("./cohere-DvxDga73.js"),
	Cohere2ForCausalLM: () => import("./cohere2-CwxBjFgi.js"),
	DeepseekV2ForCausalLM: () => import("./deepseek-v2-CwXon_I_.js"),
	DeepseekV3ForCausalLM: () => import("./deepseek-v3-CSvQ7diq.js"),
	Ernie4_5ForCausalLM: () => import("./ernie4-5-CLnJxTq8.js"),
	Exaone4ForCausalLM: () => import("./exaone4-BE-5jC1i.js"),
	FalconForCausalLM: () => import("./falcon-BlCH48bm.js"),
	FalconMambaForCausalLM: () => import("./falcon-mamba-cmi_3vta.js"),
	GemmaForCausalLM: () => import("./gemma-BpGHNoTV.js"),
	Gemma2ForCausalLM: () => import("./gemma2-BJGv_eKL.js"),
	Gemma3ForCausalLM: () => import("./gemma3-DyC28RBV.js"),
	GlmForCausalLM: () => import("./glm-UR4msosZ.js"),
	Glm4ForCausalLM: () => import("./glm4-Dm2Q9GvL.js"),
	GPT2LMHeadModel: () => import("./gpt2-DwtByYQb.js"),
	GPTBigCodeForCausalLM: () => import("./gpt-bigcode-Dgdov-6p.js"),
	GPTJForCausalLM: () => import("./gptj-31aSloj6.js"),
	GptOssForCausalLM: () => import("./gpt-oss-B3slPBjj.js"),
	GPTNeoXForCausalLM: () => import("./gpt-neox-C6VnGhQ9.js"),
	GraniteForCausalLM: () => import("./granite-C1bLRs6_.js"),
	LlamaForCausalLM: () => import("./llama-BuGvqlFK.js"),
	LLaMAForCausalLM: () => import("./llama-BuGvqlFK.js"),
	MambaForCausalLM: () => import("./mamba-BQ0NZ6mi.js"),
	Mamba2ForCausalLM: () => import("./mamba2-TjfNLYoR.js"),
	MinistralForCausalLM: () => import("./ministral-p37cFml9.js"),
	MistralForCausalLM: () => import("./llama-BuGvqlFK.js"),
	MixtralForCausalLM: () => import("./mixtral-hrJhkIPi.js"),
	OlmoForCausalLM: () => import("./olmo-DVhHqUwG.js"),
	Olmo2ForCausalLM: () => import("./olmo2-CYLWueJf.js"),
	Olmo3ForCausalLM: () => import("./olmo2-CYLWueJf.js"),
	OlmoeForCausalLM: () => import("./olmoe-BN60Z8JN.js"),
	OPTForCausalLM: () => import("./opt-BBirQa3H.js"),
	PhiForCausalLM: () => import("./phi-DY1vtj24.js"),
	Phi3ForCausalLM: () => import("./phi3-BWTSbJWZ.js"),
	Qwen2ForCausalLM: () => import("./qwen2-C0S6myh4.js"),
	Qwen2MoeForCausalLM: () => import("./qwen2-moe-DNSKa24m.js"),
	Qwen3ForCausalLM: () => import("./qwen3-B8NtBQeU.js"),
	Qwen3MoeForCausalLM: () => import("./qwen3-moe-C8eFOsZe.js"),
	SeedOssForCausalLM: () => import("./seed-oss-D_pFdA0s.js"),
	SmolLM3ForCausalLM: () => import("./smollm3-CMQPhOHw.js"),
	StableLmForCausalLM: () => import("./stablelm-B-Ct6m8N.js"),
	Starcoder2ForCausalLM: () => import("./starcoder2-zfhoOrG1.js")
}));
/** What the program registered in its own process, when this is an engine's. */
const elsewhere = /* @__PURE__ */ new Set();
/** Names of all architectures, sorted. */
function supportedArchitectures() {
	return [...models.keys()].sort();
}
/**
* Adds an architecture to this process, or replaces one; returns whose it replaced: "Quire", a plugin's name, "the program".
*
* @param architecture as in config.json: "MyModelForCausalLM"
* @param source the class, or `() => import("./my-model.js")`, whose module exports it under that name or as default
* @param by     name of the plugin that brings it
* @throws ConfigError when source is neither
*/
function registerModel(architecture, source, by = theProgram) {
	if (typeof architecture !== "string" || architecture === "") throw new ConfigError(`registerModel: the first argument is the architecture's name in config.json, like "MyModelForCausalLM", got ${describe(architecture)}`);
	if (typeof source !== "function") throw new ConfigError(`registerModel("${architecture}", …): the source must be a class, or a function that imports one: () => import(…); got ${describe(source)}`);
	const replaced = models.has(architecture) ? registrants.get(architecture) ?? "Quire" : void 0;
	models.set(architecture, source);
	registrants.set(architecture, by);
	return replaced;
}
/**
* For engines in another process: what the program itself registered is not there, as a class or function cannot be sent.
* @param architecture the one that is needed
* @throws ConfigError that says to name a module, when the program itself registered it
*/
function checkCrossesProcesses(architecture) {
	if (registrants.get(architecture) !== "the program") return;
	throw new ConfigError(`registerModel("${architecture}", …): the engine is another process, and a class or function cannot be sent there; name a module instead: one whose default export is (quire) => { quire.registerModel(…) }, in \`plugins\` or with --plugin`);
}
/** `gpt_neox` and `GPTNeoXForCausalLM` are both gptneox. */
function stem(name) {
	return name.replace(/(ForCausalLM|LMHeadModel)$/, "").replace(/_text$/, "").replaceAll(/[_-]/g, "").toLowerCase();
}
/**
* The architectures that config.json names; where it names none, the one whose name model_type is made of.
* @param modelTypes model_type of the config and of what it nests, most specific first
* @throws ConfigError when there is neither
*/
function namedArchitectures(architectures, modelTypes) {
	if (!(architectures === void 0 || architectures === null) && !(Array.isArray(architectures) && architectures.length === 0)) return { names: architectureNames(architectures) };
	for (const modelType of modelTypes) for (const name of models.keys()) if (typeof modelType === "string" && stem(modelType) === stem(name)) return {
		names: [name],
		modelType
	};
	const known = [...new Set(modelTypes)].filter((type) => type !== void 0);
	throw new ConfigError(`config.json: architectures must be a list of names such as ["LlamaForCausalLM"], got ${JSON.stringify(architectures)}` + (known.length > 0 ? `, and model_type ${known.map((type) => JSON.stringify(type)).join(", ")} is none of them. ` : ". ") + `Supported: ${supportedArchitectures().join(", ")}`);
}
function architectureNames(architectures) {
	if (!Array.isArray(architectures) || architectures.length === 0 || !architectures.every((x) => typeof x === "string")) throw new ConfigError(`config.json: architectures must be a list of names such as ["LlamaForCausalLM"], got ${JSON.stringify(architectures)}`);
	return architectures;
}
/**
* In an engine's process: what the program registered in its own is known here by name, and refused when it is needed, unless a
* plugin registers it here too.
*/
function registerElsewhere(architectures) {
	for (const architecture of architectures) {
		registerModel(architecture, () => Promise.resolve({}));
		elsewhere.add(architecture);
	}
}
/**
* The class of the first architecture that is known.
* @param note a sentence for the error about an unknown one
* @throws ConfigError when config.json names none, or its module or class is not as it must be;
*   UnsupportedError listing what is supported and the nearest name
*/
async function loadModelClass(architectures, note = "") {
	const names = architectureNames(architectures);
	const architecture = names.find((name) => models.has(name));
	if (architecture === void 0) throw unsupported(names[0], note);
	if (elsewhere.has(architecture)) checkCrossesProcesses(architecture);
	const source = models.get(architecture);
	const modelClass = isClass(source) ? source : await importClass(architecture, source);
	checkModelClass(architecture, modelClass);
	return {
		architecture,
		modelClass
	};
}
async function importClass(architecture, load) {
	let loaded;
	try {
		loaded = await load();
	} catch (cause) {
		const message = messageOf(cause);
		throw new ConfigError(`architecture ${architecture}: its module could not be loaded: ${message}`, { cause });
	}
	const modelClass = loaded?.[architecture] ?? loaded?.default;
	if (isClass(modelClass)) return modelClass;
	const names = Object.keys(loaded ?? {});
	throw new ConfigError(`architecture ${architecture}: its module exports no class "${architecture}" (nor a default class); it exports ${names.length > 0 ? names.join(", ") : "nothing"}`);
}
/** @throws ConfigError unless the class is a CausalLM, of this copy of Quire, with a config */
function checkModelClass(architecture, modelClass) {
	checkOneCopy(`architecture ${architecture}`);
	if (!(modelClass.prototype instanceof CausalLM)) throw new ConfigError(`architecture ${architecture}: class ${modelClass.name} must extend CausalLM from "quirelm/layers"; if it does, its package imports another copy of quirelm: let both resolve to one`);
	if (typeof modelClass.config?.parse !== "function") throw new ConfigError(`architecture ${architecture}: class ${modelClass.name} has no config; add \`static readonly config = hfConfig((f) => ({ … }))\``);
}
function describe(value) {
	if (value instanceof Promise) return "a promise: put () => before import";
	return value === null ? "null" : typeof value;
}
/** True for what `class` made; a plain function is not. */
function isClass(value) {
	return typeof value === "function" && /^class\b/.test(Function.prototype.toString.call(value));
}
function unsupported(architecture, note) {
	const stem = (name) => name.replace(/(ForCausalLM|LMHeadModel)$/, "");
	const distance = (name) => editDistance(stem(architecture), stem(name));
	const near = [...models.keys()].sort((a, b) => distance(a) - distance(b)).slice(0, 3);
	return new UnsupportedError(`config.json: architecture "${architecture}" is not supported; nearest: ${near.join(", ")}. Supported: ${supportedArchitectures().join(", ")}.${note === "" ? "" : ` ${note}.`} Another one is a short TypeScript file in a plugin (--plugin): \`quire new-model\` begins one, docs/adding-a-model.md tells how`);
}
export { registerModel as a, registerElsewhere as i, loadModelClass as n, supportedArchitectures as o, namedArchitectures as r, isClass as t };
