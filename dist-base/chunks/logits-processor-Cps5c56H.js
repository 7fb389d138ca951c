import { r as ConfigError, s as RequestError } from "./errors-CjlPyKrT.js";
import { n as showValue } from "./text-eUgHTlLT.js";
// src/request/logits-processor.ts
/** Logits processors from outside: what they are, and the table of those that were registered in this process. */
const registered = /* @__PURE__ */ new Map();
/**
* Adds a processor to this process: requests choose it by name, or all are touched.
* @throws ConfigError for a name that is taken, or a definition without `create` or `apply`
*/
function registerLogitsProcessor(name, definition) {
	const where = `registerLogitsProcessor(${showValue(name)}, …)`;
	if (typeof name !== "string" || name === "") throw new ConfigError(`${where}: the name must be a text that is not empty`);
	if (registered.has(name)) throw new ConfigError(`${where}: there is one of that name already; choose another`);
	const { create, apply } = definition ?? {};
	if (typeof create !== "function" && typeof apply !== "function") throw new ConfigError(`${where}: expected { apply(logits, requests) { … } } or { create({ vocabSize }) { … } }`);
	const { appliesTo = "named" } = definition;
	if (appliesTo !== "named" && appliesTo !== "all") throw new ConfigError(`${where}: appliesTo must be "named" or "all", got ${showValue(appliesTo)}`);
	registered.set(name, definition);
}
/** By name, in the order in which they came. */
function logitsProcessors() {
	return registered;
}
/**
* Lets processors look at a request's parameters.
* @param known names that the engine has
* @throws RequestError for a name that is not known, or what a processor refuses
*/
function checkLogitsProcessors(params, known = registered.keys()) {
	const names = [...known];
	const chosen = params.logitsProcessors.filter((one) => typeof one === "string");
	const missing = chosen.find((name) => !names.includes(name));
	const param = "logits_processors";
	if (missing !== void 0) throw new RequestError(`logits_processors: ${showValue(missing)} is not one of this engine's: ${names.join(", ") || "it has none; plugins register them"}`, { param });
	for (const [name, definition] of registered) {
		if (definition.appliesTo !== "all" && !chosen.includes(name)) continue;
		try {
			definition.validateParams?.(params);
		} catch (cause) {
			throw new RequestError(`logits_processors: ${name}: ${cause instanceof Error ? cause.message : String(cause)}`, {
				param,
				cause
			});
		}
	}
}
/**
* For engines in another process.
* @throws RequestError when a request has functions, which cannot be sent there
*/
function checkCrossesProcesses({ logitsProcessors: list }) {
	if (list.every((one) => typeof one === "string")) return;
	throw new RequestError("logits_processors: the engine is another process, and a function cannot be sent there; register a processor in a plugin, and give its name", { param: "logits_processors" });
}
export { registerLogitsProcessor as i, checkLogitsProcessors as n, logitsProcessors as r, checkCrossesProcesses as t };
