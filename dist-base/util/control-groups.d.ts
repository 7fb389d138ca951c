/** Reads a small system file; undefined when there is none. */
export type ReadText = (path: string) => string | undefined;
export declare function readText(path: string): string | undefined;
/**
 * Folders of the process's own group and all above it, of version 2 and of version 1's `controller`; every limit in them
 * holds. Some may not exist: inside a container the group's path is often the host's, and only the topmost is there.
 */
export declare function controlGroupFolders(controller: "cpu" | "memory", read?: ReadText): string[];
