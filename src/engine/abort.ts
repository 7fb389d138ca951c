/** AbortSignals and AbortErrors. */
import { setMaxListeners } from "node:events";
import { AbortError, RequestError } from "../util/errors.js";

/** The error for a caller whose signal fired; the signal's reason is its cause. */
export function abortError(signal: AbortSignal, what: string): AbortError {
  return new AbortError(`${what}: aborted by its caller`, { cause: signal.reason });
}

/** @throws AbortError if the signal has fired; RequestError if it is no AbortSignal */
export function throwIfAborted(signal: AbortSignal | undefined, what: string): void {
  if (signal !== undefined && typeof signal?.addEventListener !== "function") {
    throw new RequestError(`signal must be an AbortSignal; got ${signal === null ? "null" : typeof signal}`, {
      param: "signal",
    });
  }
  if (signal?.aborted === true) throw abortError(signal, what);
}

/**
 * Calls `listener` once when the signal fires. Many requests may share a signal, so Node's warning above ten listeners is
 * turned off for it. Returns what takes the listener away again.
 */
export function onceAborted(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => undefined;
  setMaxListeners(0, signal);
  signal.addEventListener("abort", listener, { once: true });
  return () => signal.removeEventListener("abort", listener);
}

/** The promise's outcome, or AbortError as soon as the signal fires; the work behind the promise goes on then. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined, what: string): Promise<T> {
  if (signal === undefined) return promise;
  promise.catch(() => undefined); // its failure after an abort is nobody's
  throwIfAborted(signal, what);
  let forget = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    forget = onceAborted(signal, () => reject(abortError(signal, what)));
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    forget();
  }
}
