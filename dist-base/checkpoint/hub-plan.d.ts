/** A file as the hub lists it. */
export interface HubFile {
    /** Path inside the repository, with forward slashes. */
    readonly path: string;
    /** In bytes; undefined where the hub does not say. */
    readonly size: number | undefined;
    /** Of the contents, hexadecimal, for large files. */
    readonly sha256: string | undefined;
    /** Git's blob id, sha1 of a header and the contents, for small files. */
    readonly gitSha1: string | undefined;
}
/** A model id as written on a command line: `org/name`, or `org/name:Q4_K_M` to choose among GGUF files. */
export interface ModelId {
    readonly id: string;
    /** Part of the wanted GGUF file's name. */
    readonly variant: string | undefined;
}
export type WeightFormat = "auto" | "safetensors" | "pt" | "gguf" | "dummy";
/** Undefined when the text cannot be a model id. */
export declare function parseModelId(text: string): ModelId | undefined;
/** Whether a path from elsewhere stays inside the folder that it is joined to. */
export declare function isSafePath(path: string): boolean;
/**
 * The files to fetch: configuration and tokenizer files of the top folder, and weights in one format, safetensors first.
 *
 * @param format  the weights' format; `dummy`: none
 * @throws ConfigError when there are no such weights, or several GGUF files and no choice
 */
export declare function chooseFiles(files: readonly HubFile[], model: ModelId, format?: WeightFormat): HubFile[];
