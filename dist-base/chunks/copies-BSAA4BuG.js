import { r as ConfigError } from "./errors-CjlPyKrT.js";
import { fileURLToPath } from "node:url";
// src/util/copies.ts
/** The copies of Quire in this process. Two do not know each other's classes and tables, so a start with two of them is stopped. */
/** The one thing that copies share: a list of their folders, known by a name of the process. */
const key = Symbol.for("quirelm.copies");
const here = fileURLToPath(new URL("..", import.meta.url));
const folders = globalThis[key] ??= /* @__PURE__ */ new Set();
folders.add(here);
/** Folders of the compiled modules of each copy; this one's among them. */
function copiesOfQuire() {
	return [...folders];
}
/**
* @param where what was loaded last, for the message: `plugin "x"`
* @throws ConfigError with the folders of all copies, when there are two or more
*/
function checkOneCopy(where, copies = copiesOfQuire()) {
	if (copies.length < 2) return;
	throw new ConfigError(`${where}: ${copies.length} copies of quirelm are in this process: ${copies.join(" and ")}; they do not know each other's models. A package that adds to Quire has it in peerDependencies, not in dependencies: change that, and install again; or run the quire command that is installed beside the package`);
}
export { checkOneCopy as t };
