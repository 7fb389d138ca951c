import type { Environment } from "../config/environment.js";
import type { WeightFormat } from "./hub-plan.js";
/** How far a download is. Bytes of files of unknown size count as they come. */
export interface DownloadProgress {
    readonly bytesDone: number;
    readonly bytesTotal: number;
    readonly filesDone: number;
    readonly filesTotal: number;
}
export interface DownloadOptions {
    /** Branch, tag or commit; "main" by default. */
    readonly revision?: string;
    /** The cache's folder; HF_HUB_CACHE and so on by default. */
    readonly cacheDir?: string;
    /** Token of the hub; HF_TOKEN or the stored one by default. Goes to the endpoint alone. */
    readonly token?: string;
    /** Which weights; "dummy": none. */
    readonly loadFormat?: WeightFormat;
    readonly signal?: AbortSignal;
    readonly onProgress?: (progress: DownloadProgress) => void;
    /** Told in a sentence what is waited for or tried again. */
    readonly onNote?: (note: string) => void;
    /** Read from the process by default. */
    readonly environment?: Environment;
    /** Tries in a row that bring nothing; 5 by default. */
    readonly maxTries?: number;
    /** Wait before the second try, doubled for each further one; 500 by default. */
    readonly retryWaitMs?: number;
    /** Silence after which a connection counts as dead; 30,000 by default. */
    readonly idleTimeoutMs?: number;
}
/**
 * The path of a model. What exists on disk wins, then a complete copy in the cache, then the hub.
 *
 * @param model  a folder or file, or a model id: `org/name`, for one of several GGUF files `org/name:Q4_K_M`
 * @returns      absolute path of the snapshot folder or GGUF file; an existing path as it was given
 * @throws ConfigError for a name that is neither, or a model that the hub does not give; ResourceError when network or disk are not
 *   enough; CheckpointError for a damaged download
 */
export declare function resolveModel(model: string, options?: DownloadOptions): Promise<string>;
/**
 * Asks the hub for the newest commit of the revision, and fetches those files into the cache that are not there yet.
 *
 * @returns absolute path of the snapshot folder, or of the GGUF file
 * @throws as `resolveModel`
 */
export declare function downloadModel(model: string, options?: DownloadOptions): Promise<string>;
