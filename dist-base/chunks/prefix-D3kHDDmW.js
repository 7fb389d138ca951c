import { r as ConfigError } from "./errors-CjlPyKrT.js";
// src/layers/prefix.ts
/** A module's full name in the checkpoint, together with the model's config. */
/** Knows who it is; makes and claims the names of children. */
var Prefix = class Prefix {
	/** Full name: `model.layers.3.self_attn`; empty for the model itself. */
	name;
	/** The model's fields of config.json, as its `hfConfig` read them. */
	config;
	context;
	constructor(name, config, context) {
		this.name = name;
		this.config = config;
		this.context = context;
	}
	/**
	* The prefix of a child, `layers.3` or `q_proj`; each name can be claimed once.
	* @throws ConfigError that shows both places when a name is taken
	*/
	at(child) {
		const name = this.join(child);
		const place = /* @__PURE__ */ new Error();
		const before = this.context.claimed.get(name);
		if (before !== void 0) throw new ConfigError(`prefix "${name}" is claimed twice: first ${callerOf(before.stack)}, then ${callerOf(place.stack)}; every module needs a name of its own`);
		this.context.claimed.set(name, place);
		return new Prefix(name, this.config, this.context);
	}
	/** `name.child`, without claiming it. */
	join(child) {
		return this.name === "" ? child : `${this.name}.${child}`;
	}
	/** Name of a sibling: `model.layers.0.self_attn.qkv_proj` -> `model.layers.0.self_attn.q_proj`. */
	sibling(name) {
		const dot = this.name.lastIndexOf(".");
		return dot < 0 ? name : `${this.name.slice(0, dot)}.${name}`;
	}
};
/** The first stack line outside this file and module.ts. */
function callerOf(stack) {
	return (stack ?? "").split("\n").slice(1).find((text) => !/[\\/]layers[\\/](prefix|module)\.[jt]s/.test(text))?.trim() ?? "at an unknown place";
}
export { Prefix as t };
