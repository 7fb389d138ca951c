import { readFileSync } from "node:fs";
// src/util/control-groups.ts
/** Linux control groups: where the limits of this process are written. */
function readText(path) {
	try {
		return readFileSync(path, "utf8").trim();
	} catch {
		return;
	}
}
const mount = "/sys/fs/cgroup";
/**
* Folders of the process's own group and all above it, of version 2 and of version 1's `controller`; every limit in them
* holds. Some may not exist: inside a container the group's path is often the host's, and only the topmost is there.
*/
function controlGroupFolders(controller, read = readText) {
	const lines = (read("/proc/self/cgroup") ?? "").split("\n").map((line) => /^\d+:([^:]*):(\/.*)$/.exec(line));
	const pathOf = (isOurs) => lines.find((match) => match && isOurs(match[1]))?.[2] ?? "/";
	const version2 = pathOf((controllers) => controllers === "");
	const version1 = pathOf((controllers) => controllers.split(",").includes(controller));
	return [...upwards(version2, mount), ...upwards(version1, `${mount}/${controller}`)];
}
/** /a/b, /a and the root, below a folder. */
function upwards(path, root) {
	const parts = path.split("/").filter((part) => part !== "");
	return [...parts.keys(), parts.length].map((count) => [root, ...parts.slice(0, count)].join("/")).reverse();
}
export { readText as n, controlGroupFolders as t };
