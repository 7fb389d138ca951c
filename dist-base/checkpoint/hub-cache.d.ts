import type { ModelId, WeightFormat } from "./hub-plan.js";
/** Folders of one model in a cache. */
export interface CacheFolders {
    readonly root: string;
    readonly blobs: string;
    readonly refs: string;
    readonly snapshots: string;
    /** Held while downloading. */
    readonly lock: string;
}
export declare function cacheFolders(cache: string, id: string): CacheFolders;
/** The snapshot folder of a branch, tag or commit; undefined when there is none. */
export declare function findSnapshot(folders: CacheFolders, revision: string): Promise<string | undefined>;
/**
 * What `resolveModel` answers for a snapshot: the folder, or the GGUF file in it; undefined when files are missing, as after a
 * download that was cut off. Links to blobs that are gone count as missing.
 *
 * @param withoutTokenizer  accept a snapshot that holds no tokenizer (some models have none)
 */
export declare function usableSnapshot(folder: string, model: ModelId, format?: WeightFormat, withoutTokenizer?: boolean): Promise<string | undefined>;
/** Makes `snapshots/<commit>/<path>` a relative link to a blob; a copy where the file system has no links. */
export declare function linkIntoSnapshot(folder: string, path: string, blob: string): Promise<void>;
/** Records which commit a branch or tag stands for. */
export declare function writeRef(folders: CacheFolders, revision: string, commit: string): Promise<void>;
