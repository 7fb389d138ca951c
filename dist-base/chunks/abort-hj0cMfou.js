import { s as RequestError, t as AbortError } from "./errors-CjlPyKrT.js";
import { setMaxListeners } from "node:events";
// src/engine/abort.ts
/** AbortSignals and AbortErrors. */
/** The error for a caller whose signal fired; the signal's reason is its cause. */
function abortError(signal, what) {
	return new AbortError(`${what}: aborted by its caller`, { cause: signal.reason });
}
/** @throws AbortError if the signal has fired; RequestError if it is no AbortSignal */
function throwIfAborted(signal, what) {
	if (signal !== void 0 && typeof signal?.addEventListener !== "function") throw new RequestError(`signal must be an AbortSignal; got ${signal === null ? "null" : typeof signal}`, { param: "signal" });
	if (signal?.aborted === true) throw abortError(signal, what);
}
/**
* Calls `listener` once when the signal fires. Many requests may share a signal, so Node's warning above ten listeners is
* turned off for it. Returns what takes the listener away again.
*/
function onceAborted(signal, listener) {
	if (signal === void 0) return () => void 0;
	setMaxListeners(0, signal);
	signal.addEventListener("abort", listener, { once: true });
	return () => signal.removeEventListener("abort", listener);
}
/** The promise's outcome, or AbortError as soon as the signal fires; the work behind the promise goes on then. */
async function orAborted(promise, signal, what) {
	if (signal === void 0) return promise;
	promise.catch(() => void 0);
	throwIfAborted(signal, what);
	let forget = () => void 0;
	const aborted = new Promise((_, reject) => {
		forget = onceAborted(signal, () => reject(abortError(signal, what)));
	});
	try {
		return await Promise.race([promise, aborted]);
	} finally {
		forget();
	}
}
export { throwIfAborted as i, onceAborted as n, orAborted as r, abortError as t };
