import type { Manifest } from "./manifest.js";
/** A plugin before it is loaded. */
export interface FoundPlugin {
    /** As it was named, or the name of its package. */
    readonly name: string;
    /** Of its module. */
    readonly url: string;
    /** How it came here, for the log: `named by --plugin or plugins`. */
    readonly origin: string;
    /** The package that its module is in; undefined for a module outside any. */
    readonly manifest: Manifest | undefined;
}
/**
 * The folder whose package.json is the application's: that of the main module, or the working directory where the main module
 * is a tool that runs something (the `quire` command, a test runner) or there is none.
 *
 * @param mainModule what node was told to run: process.argv[1]
 */
export declare function applicationFolder(mainModule: string | undefined, workingDirectory: string): string;
/**
 * Named ones first, in their order; then the application's own, then those of its direct dependencies that are installed, in
 * the order of package.json. A module comes once.
 *
 * @param names  paths (seen from the working directory) and names of packages (installed for the application, or there)
 * @param folder the application's
 * @throws ConfigError for a name that is not found, or a package.json that is not as it must be
 */
export declare function findPlugins(names: readonly string[], folder: string, workingDirectory: string): FoundPlugin[];
