import { existsSync } from "node:fs";
// src/worker/resolve-model.ts
/** From the names in the options to paths: what exists on disk, else the Hugging Face cache, else a download. */
/** The hub's part is loaded only where a path does not exist. */
async function resolveModel(model, options) {
	if (existsSync(model)) return model;
	return (await import("./hub-download-DzeWQlBX.js")).resolveModel(model, options);
}
/**
* The config with `model` and `tokenizer` as paths; everything else stays, `servedModelName` too.
* @throws ConfigError, ResourceError or CheckpointError (as a rejection) when a model cannot be had
*/
async function resolveModelPaths(config, hooks = {}) {
	const common = {
		...hooks,
		cacheDir: config.downloadDir,
		token: config.hfToken
	};
	const { revision, loadFormat } = config;
	const model = await resolveModel(config.model, {
		...common,
		revision,
		loadFormat
	});
	const tokenizer = config.tokenizer === void 0 ? void 0 : await resolveModel(config.tokenizer, {
		...common,
		loadFormat: "dummy"
	});
	return Object.freeze({
		...config,
		model,
		tokenizer
	});
}
export { resolveModelPaths as t };
