import { AbortError } from "../util/errors.js";
/** The error for a caller whose signal fired; the signal's reason is its cause. */
export declare function abortError(signal: AbortSignal, what: string): AbortError;
/** @throws AbortError if the signal has fired; RequestError if it is no AbortSignal */
export declare function throwIfAborted(signal: AbortSignal | undefined, what: string): void;
/**
 * Calls `listener` once when the signal fires. Many requests may share a signal, so Node's warning above ten listeners is
 * turned off for it. Returns what takes the listener away again.
 */
export declare function onceAborted(signal: AbortSignal | undefined, listener: () => void): () => void;
/** The promise's outcome, or AbortError as soon as the signal fires; the work behind the promise goes on then. */
export declare function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined, what: string): Promise<T>;
