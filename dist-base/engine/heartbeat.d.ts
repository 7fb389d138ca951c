/** Heartbeat: whether the other process still turns its event loop. */
/**
 * Asks once a second, when nothing else was heard. Missed beats are counted, not seconds: where this process itself stood still, the
 * other one is not blamed. Keeps no process alive.
 */
export declare class Heartbeat {
    #private;
    /** @param ask makes the other process say something */
    constructor(ask: () => void, intervalMs?: number);
    /** To be called for every sign of life. */
    heard(): void;
    get isBeating(): boolean;
    stop(): void;
}
