/** Folder of package.json. */
export declare const packageRoot: string;
/** `version` of package.json. */
export declare function packageVersion(): string;
