import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { existsSync, readFileSync } from "node:fs";
// src/util/package-root.ts
/** Where this package lies: the same folder from src/ and from the bundles in dist/. */
/** Folder of package.json. */
const packageRoot = nearest(dirname(fileURLToPath(import.meta.url)));
function nearest(folder) {
	const above = dirname(folder);
	return above === folder || existsSync(join(folder, "package.json")) ? folder : nearest(above);
}
/** `version` of package.json. */
function packageVersion() {
	const text = readFileSync(join(packageRoot, "package.json"), "utf8");
	return JSON.parse(text).version;
}
export { packageVersion as n, packageRoot as t };
