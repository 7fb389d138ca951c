import type { ReadText } from "../../util/control-groups.js";
/**
 * Physical cores within the affinity mask and the cgroup's CPU quota (rounded up); hyper-threads of one core count once.
 * At least 1. Where the system does not say (macOS, Windows): the number of processors.
 */
export declare function defaultThreads(read?: ReadText, processors?: number): number;
/** A line that says why so many threads are too many; undefined where they are not (hyper-threads count in full). */
export declare function tooManyThreads(threads: number, read?: ReadText, processors?: number): string | undefined;
/** `0-3,8` -> 0 1 2 3 8 */
export declare function parseCpuList(list: string): number[];
