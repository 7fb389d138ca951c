/** Who registered the architectures that are not built in. Apart from the registry, so that asking loads no layers. */
/** Architecture to a plugin's name, or `theProgram`. Only registry.ts writes to it. */
export declare const registrants: Map<string, string>;
/** Who calls registerModel without being a plugin. */
export declare const theProgram = "the program";
/** Architectures that the program itself registered in this process. */
export declare function programsArchitectures(): string[];
