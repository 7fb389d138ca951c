/** One package on disk. */
export interface Manifest {
    /** Folder of the package, links resolved. */
    readonly folder: string;
    /** Path of its package.json. */
    readonly path: string;
    readonly name: string;
    readonly version: string;
    /** Names of the packages that it asks for itself. */
    readonly dependencies: readonly string[];
    /** Range of quirelm that it can work with; undefined: it does not say. */
    readonly peerRange: string | undefined;
    /** Path of the module that `"quirelm": { "plugin": "./dist/plugin.js" }` names. */
    readonly plugin: string | undefined;
}
/** The package.json nearest to a folder, upwards; undefined if there is none. @throws ConfigError as readManifest */
export declare function nearestManifest(folder: string): Manifest | undefined;
/** A package that is installed for modules in `folder`: node_modules there, or in a folder above. @throws ConfigError as readManifest */
export declare function installedManifest(name: string, folder: string): Manifest | undefined;
/** @throws ConfigError when package.json is no JSON object, or its `quirelm.plugin` is no path inside the package */
export declare function readManifest(given: string): Manifest;
