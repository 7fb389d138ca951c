import { t as openGguf } from "./gguf-checkpoint-BBxxudY4.js";
import { t as createInProcessTransport } from "./in-process-transport-CSlghuGW.js";
import { join } from "node:path";
import { readdirSync, statSync } from "node:fs";
// src/worker/gguf-metadata.ts
/** What a GGUF file says besides its weights: the tokenizer is made from it. */
/** The GGUF file of a model: the path itself, or the only one in a folder; undefined where there is none. */
function ggufFileOf(model) {
	const stats = statSync(model, { throwIfNoEntry: false });
	if (stats?.isFile()) return model.endsWith(".gguf") ? model : void 0;
	if (!stats) return void 0;
	const files = readdirSync(model).filter((name) => name.endsWith(".gguf") && !name.startsWith("mmproj"));
	return files.length === 1 ? join(model, files[0]) : void 0;
}
/** Metadata by full key. @throws CheckpointError if the file is damaged */
function readGgufMetadata(file) {
	const checkpoint = openGguf(file);
	try {
		return checkpoint.ggufMetadata;
	} finally {
		checkpoint.close();
	}
}
// src/engine/create-engine.ts
/** Loads model and tokenizer, and makes the engine of them. */
/** The core in this thread. Its weights go first, as other threads read them meanwhile. */
function inThisThread(config, createWorker) {
	return (hooks, begun) => createInProcessTransport(config, createWorker, {
		...hooks,
		progress(state) {
			begun();
			hooks.progress?.(state);
		}
	});
}
/**
* Model and tokenizer are loaded at the same time.
* @throws ConfigError, CheckpointError, ResourceError or UnsupportedError (as a rejection); nothing stays loaded then
*/
async function createEngine(config, openTransport, hooks = {}) {
	const chatTemplate = await chatTemplateOf(config);
	const findTokenizer = hooks.loadTokenizer ?? ((from) => tokenizerOfModel(from, hooks));
	let begin = () => void 0;
	const begun = new Promise((resolve) => begin = resolve);
	const loading = openTransport(hooks, () => begin());
	begun.then(hooks.begun);
	loading.then(begin, begin);
	const [transport, tokenizer] = await Promise.allSettled([
		loading,
		config.skipTokenizerInit ? void 0 : begun.then(() => findTokenizer(config)),
		begun.then(() => import("./engine-nyitjhB1.js"))
	]);
	if (transport.status === "rejected") throw transport.reason;
	try {
		if (tokenizer.status === "rejected") throw tokenizer.reason;
		const { Engine } = await import("./engine-nyitjhB1.js");
		return new Engine(config, transport.value, tokenizer.value, chatTemplate);
	} catch (error) {
		await transport.value.close();
		throw error;
	}
}
/**
* The tokenizer beside the model, or the one inside a GGUF file. A model without one serves token ids; a tokenizer that
* was asked for by name must be there.
*/
async function tokenizerOfModel(config, hooks) {
	const options = hooks.log === void 0 ? {} : { log: hooks.log };
	const folder = config.tokenizer ?? config.model;
	const { findTokenizerFiles, loadTokenizer } = await import("./load-tokenizer-CaIjyh9L.js");
	const hasTokenizer = isFolder(folder) && findTokenizerFiles(folder) !== void 0;
	if (config.tokenizer !== void 0 || hasTokenizer) return loadTokenizer(folder, options);
	const gguf = ggufFileOf(config.model);
	if (gguf !== void 0 && config.loadFormat !== "dummy") {
		const { tokenizerFromGguf } = await import("./gguf-tokenizer-BO4tNtyu.js");
		return tokenizerFromGguf(readGgufMetadata(gguf), options);
	}
	hooks.log?.(`${folder}: no tokenizer; prompts and outputs are token ids`);
}
function isFolder(path) {
	return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
/** Of `--chat-template`; a wrong file is known before anything is loaded. */
async function chatTemplateOf({ chatTemplate }) {
	if (chatTemplate === void 0) return void 0;
	const { readChatTemplate } = await import("./chat-hsTpLna5.js");
	return readChatTemplate(chatTemplate);
}
export { inThisThread as n, createEngine as t };
