import type { Hub } from "./hub-api.js";
import type { HubFile } from "./hub-plan.js";
/** What to fetch, and how patiently. */
export interface FileJob {
    readonly hub: Hub;
    readonly id: string;
    readonly commit: string;
    readonly file: HubFile;
    /** Where the whole file goes; `target + ".incomplete"` holds it until it is whole. */
    readonly target: string;
    /** Bytes on disk so far, whenever that changes; may go down when a file starts anew. */
    readonly onBytes: (bytes: number) => void;
    /** Tries in a row without a new byte. */
    readonly maxTries: number;
    /** Wait before the second try, doubled for each further one. */
    readonly retryWaitMs: number;
}
/**
 * Fetches a file, going on where an earlier try stopped, and checks its size and hash.
 *
 * @throws ConfigError when the hub refuses; CheckpointError when size or hash is wrong (the file is deleted); ResourceError when
 *   the disk is full or the network stays away
 */
export declare function fetchFile(job: FileJob): Promise<void>;
