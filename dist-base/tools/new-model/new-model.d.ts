export interface NewModelOptions {
    /** A file of src/models without its ending (`llama`), or an architecture (`LlamaForCausalLM`). */
    readonly from: string;
    /** Of the package: `my-model`. */
    readonly name: string;
    /** Where the package goes; must be empty or not be there. */
    readonly folder: string;
    /** As in config.json: `CodeGenForCausalLM`; made of the name if it is left out. */
    readonly architecture?: string | undefined;
}
/** The built-in models that one can begin from: name of the file and its classes. */
export declare function startingPoints(): {
    readonly name: string;
    readonly source: string;
    readonly classes: readonly string[];
}[];
/**
 * Writes the package and returns the paths of its files.
 * @throws ConfigError for an unknown model, a name or architecture that is none, or a folder that is not empty
 */
export declare function newModel({ from, name, folder, architecture: own }: NewModelOptions): string[];
