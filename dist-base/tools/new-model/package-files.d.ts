/** The files around a model in a package of its own. */
export interface PackageFacts {
    /** Name of the package, and of its files: `my-model`. */
    readonly name: string;
    /** `MyModelForCausalLM`. */
    readonly architecture: string;
    /** Version of Quire that it is begun with. */
    readonly version: string;
    /** Of a tiny model, for the test. */
    readonly tinyConfig: Readonly<Record<string, unknown>>;
    /** The file of Quire that it is a copy of: `llama.ts`. */
    readonly from: string;
}
/** Contents by path; the model itself is not among them. */
export declare function packageFiles(facts: PackageFacts): Record<string, string>;
