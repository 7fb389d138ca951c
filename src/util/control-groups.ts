/** Linux control groups: where the limits of this process are written. */
import { readFileSync } from "node:fs";

/** Reads a small system file; undefined when there is none. */
export type ReadText = (path: string) => string | undefined;

export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

const mount = "/sys/fs/cgroup";

/**
 * Folders of the process's own group and all above it, of version 2 and of version 1's `controller`; every limit in them
 * holds. Some may not exist: inside a container the group's path is often the host's, and only the topmost is there.
 */
export function controlGroupFolders(controller: "cpu" | "memory", read: ReadText = readText): string[] {
  const lines = (read("/proc/self/cgroup") ?? "").split("\n").map((line) => /^\d+:([^:]*):(\/.*)$/.exec(line));
  const pathOf = (isOurs: (controllers: string) => boolean): string =>
    lines.find((match) => match && isOurs(match[1]!))?.[2] ?? "/";
  const version2 = pathOf((controllers) => controllers === "");
  const version1 = pathOf((controllers) => controllers.split(",").includes(controller));
  return [...upwards(version2, mount), ...upwards(version1, `${mount}/${controller}`)];
}

/** /a/b, /a and the root, below a folder. */
function upwards(path: string, root: string): string[] {
  const parts = path.split("/").filter((part) => part !== "");
  return [...parts.keys(), parts.length].map((count) => [root, ...parts.slice(0, count)].join("/")).reverse();
}
