/** A way of naming weight files, e.g. `model.safetensors`, its index, and the shards' pattern. */
export interface WeightNaming {
    single: string;
    index: string;
    /** Any other file that holds weights of this format. */
    pattern: RegExp;
}
export declare const safetensorsNaming: WeightNaming;
export declare const pytorchNaming: WeightNaming;
/** Files to open, and the tensors that an index promises in each (undefined without an index). */
export interface WeightFiles {
    /** Names relative to the folder, sorted, each once. */
    files: string[];
    /** Tensor name to file name. */
    promised: ReadonlyMap<string, string> | undefined;
}
/**
 * The index if there is one, else the single file, else every file of the pattern. Undefined if the folder has none.
 *
 * @param names the folder's entries
 * @throws CheckpointError if the index is no index, names a file outside the folder or one that is missing, or if a
 *   numbered shard ("-00002-of-00005") is missing
 */
export declare function findWeightFiles(folder: string, names: readonly string[], naming: WeightNaming): WeightFiles | undefined;
