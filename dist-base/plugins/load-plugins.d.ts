import type { ProgramPlace } from "./program-place.js";
/** What is left of loading for later messages. */
export interface LoadedPlugins {
    /** A sentence about plugins that QUIRE_PLUGINS kept out; empty when there were none. For errors about what they would have brought. */
    readonly note: string;
}
/** Where plugins are looked for; tests hand in their own. */
export interface PluginSurroundings {
    /** Folder of the application. */
    readonly application: string;
    readonly workingDirectory: string;
    /** Names that may be loaded; undefined: all. */
    readonly allowList: readonly string[] | undefined;
}
/** Of this process, or of the program whose engine this process runs. */
export declare function pluginSurroundings(program?: ProgramPlace): PluginSurroundings;
/**
 * Imports each module and calls its default export. One line a plugin tells where it came from and what it brought.
 * @param names paths, seen from the working directory, and names of packages
 * @throws ConfigError naming the plugin when it is not found, exports no function, fails, or brings a second copy of
 *   Quire: a start with a broken plugin ends here
 */
export declare function loadPlugins(names: readonly string[], log: (line: string) => void, surroundings?: PluginSurroundings): Promise<LoadedPlugins>;
