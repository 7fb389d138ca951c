import { u as UnsupportedError } from "./errors-CjlPyKrT.js";
import { t as packageRoot } from "./package-root-DW2ZyEQq.js";
import { t as messageOf } from "./text-eUgHTlLT.js";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { existsSync, readFileSync } from "node:fs";
// src/platform/native-binding.ts
/** The typed mirror of native/binding: what the compiled addon exports, and how it is found. */
/** Builds the addon, in a clone and where the package is installed. */
const buildScript = relative(process.cwd(), join(packageRoot, "scripts", "build.mjs"));
/** Where CMake leaves the addon. */
const nativeBindingPath = join(packageRoot, "build", "native", "quire_cpu.node");
/** Loads the addon, or says why it cannot; never throws. Callers decide what to do without it. */
function tryLoadNativeBinding(path = nativeBindingPath) {
	if (!existsSync(path)) return {
		binding: void 0,
		reason: "missing",
		message: whyMissing(path)
	};
	try {
		return { binding: createRequire(import.meta.url)(path) };
	} catch (error) {
		return {
			binding: void 0,
			reason: "failed",
			message: `native CPU platform: ${path} cannot be loaded: ${messageOf(error)}; delete build/native and build again`
		};
	}
}
/** The build leaves a file beside the addon's place when it cannot build it; that is the best explanation. */
function whyMissing(path) {
	const note = join(dirname(path), "not-built.txt");
	return `native CPU kernels: ${existsSync(note) ? readFileSync(note, "utf8").trim() : `${path} does not exist`}; build them with CMake and a C++17 compiler: node ${buildScript}`;
}
/** The addon cannot be used; `reason` tells a missing build from a broken one. */
var NativeBindingError = class extends UnsupportedError {
	reason;
	constructor(message, reason) {
		super(message);
		this.reason = reason;
	}
};
/** @throws NativeBindingError saying why the addon cannot be used */
function loadNativeBinding(path = nativeBindingPath) {
	const load = tryLoadNativeBinding(path);
	if (!load.binding) throw new NativeBindingError(load.message, load.reason);
	return load.binding;
}
export { tryLoadNativeBinding as i, loadNativeBinding as n, nativeBindingPath as r, NativeBindingError as t };
