export interface LockOptions {
    readonly signal?: AbortSignal;
    /** Called once, when somebody else holds the lock. */
    readonly onWait?: () => void;
    /** Milliseconds between two looks; 200 by default. */
    readonly pollMs?: number;
    /** Milliseconds without a sign of life after which a lock counts as left behind; 60,000 by default. */
    readonly staleMs?: number;
}
/**
 * Runs `work` while holding the lock at `path`; waits as long as another process holds it.
 *
 * @throws what `work` throws; the signal's reason when aborted while waiting
 */
export declare function withLock<T>(path: string, work: () => Promise<T>, options?: LockOptions): Promise<T>;
