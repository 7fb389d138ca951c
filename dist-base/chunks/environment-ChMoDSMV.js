import { homedir } from "node:os";
import { join } from "node:path";
// src/config/environment.ts
/** The only place that reads environment variables. */
/** The process's variables, for `parseEngineConfig` and `parseServerConfig`. */
function processEnvironment() {
	return process.env;
}
/** Reads the settings above. */
function readEnvironment(variables = process.env) {
	const get = (name) => variables[name] || void 0;
	const isSet = (name) => /^(1|true|yes|on)$/i.test(get(name) ?? "");
	const cache = get("XDG_CACHE_HOME") ?? join(homedir(), ".cache");
	const hfHome = expandHome(get("HF_HOME") ?? join(cache, "huggingface"));
	return {
		hfEndpoint: (get("HF_ENDPOINT") ?? "https://huggingface.co").replace(/\/+$/, ""),
		hfToken: get("HF_TOKEN")?.trim(),
		hfTokenPath: expandHome(get("HF_TOKEN_PATH") ?? join(hfHome, "token")),
		hfHubCache: expandHome(get("HF_HUB_CACHE") ?? get("HUGGINGFACE_HUB_CACHE") ?? join(hfHome, "hub")),
		hfHubOffline: isSet("HF_HUB_OFFLINE"),
		pluginAllowList: variables.QUIRE_PLUGINS?.split(",").map((name) => name.trim()).filter((name) => name !== ""),
		openaiApiKey: get("OPENAI_API_KEY")?.trim(),
		multiprocessing: get("QUIRE_ENABLE_MULTIPROCESSING") !== "0",
		debug: isSet("QUIRE_DEBUG")
	};
}
/** ~/models -> /home/me/models */
function expandHome(path) {
	return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;
}
export { readEnvironment as n, processEnvironment as t };
