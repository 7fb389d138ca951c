import { t as programsArchitectures } from "./registrants-ByNX7nE5.js";
import { r as ConfigError } from "./errors-CjlPyKrT.js";
import { t as packageRoot } from "./package-root-DW2ZyEQq.js";
import { n as showValue, t as messageOf } from "./text-eUgHTlLT.js";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { dirname, isAbsolute, join, resolve, sep } from "node:path";
import { existsSync, readFileSync, realpathSync } from "node:fs";
// src/plugins/manifest.ts
/** package.json files, as far as plugins need them. */
/** The package.json nearest to a folder, upwards; undefined if there is none. @throws ConfigError as readManifest */
function nearestManifest(folder) {
	for (let at = resolve(folder);; at = dirname(at)) {
		if (existsSync(join(at, "package.json"))) return readManifest(at);
		if (at === dirname(at)) return void 0;
	}
}
/** A package that is installed for modules in `folder`: node_modules there, or in a folder above. @throws ConfigError as readManifest */
function installedManifest(name, folder) {
	for (let at = resolve(folder);; at = dirname(at)) {
		const found = join(at, "node_modules", name);
		if (existsSync(join(found, "package.json"))) return readManifest(found);
		if (at === dirname(at)) return void 0;
	}
}
/** @throws ConfigError when package.json is no JSON object, or its `quirelm.plugin` is no path inside the package */
function readManifest(given) {
	const folder = realpathSync(given);
	const path = join(folder, "package.json");
	const raw = parse(path);
	const field = raw.quirelm;
	const plugin = isObject(field) ? field.plugin : void 0;
	if (plugin !== void 0 && (typeof plugin !== "string" || !isInside(folder, plugin))) throw new ConfigError(`${path}: quirelm.plugin must be the path of a module inside the package, like "./dist/plugin.js", got ${showValue(plugin)}`);
	return {
		folder,
		path,
		name: typeof raw.name === "string" ? raw.name : folder,
		version: typeof raw.version === "string" ? raw.version : "",
		dependencies: [
			raw.dependencies,
			raw.optionalDependencies,
			raw.devDependencies
		].flatMap((list) => isObject(list) ? Object.keys(list) : []),
		peerRange: isObject(raw.peerDependencies) ? text(raw.peerDependencies.quirelm) : void 0,
		plugin: typeof plugin === "string" ? resolve(folder, plugin) : void 0
	};
}
function parse(path) {
	let raw;
	try {
		raw = JSON.parse(readFileSync(path, "utf8"));
	} catch (cause) {
		throw new ConfigError(`${path}: it is read to find plugins, and is no JSON: ${messageOf(cause)}`, { cause });
	}
	return isObject(raw) ? raw : {};
}
function isInside(folder, path) {
	return path !== "" && resolve(folder, path).startsWith(join(folder, "/"));
}
function isObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
function text(value) {
	return typeof value === "string" ? value : void 0;
}
// src/plugins/find-plugins.ts
/** Which plugins a start loads: those that were named, and those of the application's direct dependencies. */
/**
* The folder whose package.json is the application's: that of the main module, or the working directory where the main module
* is a tool that runs something (the `quire` command, a test runner) or there is none.
*
* @param mainModule what node was told to run: process.argv[1]
*/
function applicationFolder(mainModule, workingDirectory) {
	if (mainModule === void 0 || !existsSync(mainModule)) return workingDirectory;
	const folder = dirname(realpathSync(mainModule));
	return folder.split(sep).includes("node_modules") || folder.startsWith(packageRoot) ? workingDirectory : folder;
}
/**
* Named ones first, in their order; then the application's own, then those of its direct dependencies that are installed, in
* the order of package.json. A module comes once.
*
* @param names  paths (seen from the working directory) and names of packages (installed for the application, or there)
* @param folder the application's
* @throws ConfigError for a name that is not found, or a package.json that is not as it must be
*/
function findPlugins(names, folder, workingDirectory) {
	const found = /* @__PURE__ */ new Map();
	const add = (plugin) => void (found.has(plugin.url) || found.set(plugin.url, plugin));
	for (const name of names) add(locate(name, folder, workingDirectory));
	const application = nearestManifest(folder);
	if (application === void 0) return [...found.values()];
	if (application.plugin !== void 0) add(discovered(application, `the application's own, ${application.path}`));
	for (const name of application.dependencies) {
		const manifest = installedManifest(name, application.folder);
		if (manifest?.plugin !== void 0) add(discovered(manifest, `dependency in ${application.path}`));
	}
	return [...found.values()];
}
function discovered(manifest, origin) {
	return {
		name: manifest.name,
		url: fileUrl(manifest.plugin),
		origin,
		manifest
	};
}
/** The module's URL with links resolved, as node itself sees it: one plugin, one URL. */
function fileUrl(path) {
	return pathToFileURL(existsSync(path) ? realpathSync(path) : path).href;
}
function locate(name, folder, workingDirectory) {
	const origin = "named by --plugin or plugins";
	if (name.startsWith("data:")) return {
		name,
		url: name,
		origin,
		manifest: void 0
	};
	if (isAbsolute(name) || name.startsWith(".") || name.startsWith("file:")) {
		const path = name.startsWith("file:") ? fileURLToPath(name) : resolve(workingDirectory, name);
		return {
			name,
			url: fileUrl(path),
			origin,
			manifest: nearestManifest(dirname(path))
		};
	}
	const packageName = name.split("/", name.startsWith("@") ? 2 : 1).join("/");
	for (const base of [folder, workingDirectory]) {
		const manifest = installedManifest(packageName, base);
		if (manifest === void 0) continue;
		return {
			name,
			url: fileUrl(name === packageName ? manifest.plugin ?? mainModule(name, base) : mainModule(name, base)),
			origin,
			manifest
		};
	}
	throw new ConfigError(`plugin "${name}": no such package seen from ${[.../* @__PURE__ */ new Set([folder, workingDirectory])].join(" or ")}; install it there, or give a path such as ./plugin.js`);
}
/** Of a package without the field. */
function mainModule(name, base) {
	try {
		return createRequire(join(base, "package.json")).resolve(name);
	} catch (cause) {
		throw new ConfigError(`plugin "${name}": its package names no plugin; add "quirelm": { "plugin": "./dist/plugin.js" } to its package.json, or give the path of the module`, { cause });
	}
}
// src/plugins/program-place.ts
/** ProgramPlace: what an engine in another process must know of the program that started it. */
/** Of this process. */
function programPlace() {
	return {
		application: applicationFolder(process.argv[1], process.cwd()),
		architectures: programsArchitectures()
	};
}
export { findPlugins as n, programPlace as t };
