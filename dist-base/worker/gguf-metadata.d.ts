/** The GGUF file of a model: the path itself, or the only one in a folder; undefined where there is none. */
export declare function ggufFileOf(model: string): string | undefined;
/** Metadata by full key. @throws CheckpointError if the file is damaged */
export declare function readGgufMetadata(file: string): Pick<ReadonlyMap<string, unknown>, "get">;
