import { a as LifetimeError, c as ResourceError, i as EngineDeadError, l as ShapeError, n as CheckpointError, o as QuireError, r as ConfigError, s as RequestError, t as AbortError, u as UnsupportedError } from "./errors-CjlPyKrT.js";
// src/engine/wire/error-data.ts
/** Errors as plain data: class, code, message and causes cross to the other process and become the same error again. */
/** Causes of causes beyond this are left out; a circle ends there too. */
const MAX_CAUSES = 5;
/** Classes whose constructor takes a message and options. */
const CLASSES = {
	AbortError,
	CheckpointError,
	ConfigError,
	EngineDeadError,
	LifetimeError,
	ResourceError,
	ShapeError,
	UnsupportedError
};
/** What was thrown, as data. */
function errorToData(error, depth = 0) {
	if (!(error instanceof Error)) return {
		name: "Error",
		message: String(error),
		stack: void 0,
		code: void 0
	};
	const { name, message, stack, cause } = error;
	const { code } = error;
	return {
		name,
		message,
		stack,
		code: typeof code === "string" ? code : void 0,
		...error instanceof RequestError ? {
			param: error.param,
			status: error.status
		} : {},
		...cause === void 0 || depth === MAX_CAUSES ? {} : { cause: errorToData(cause, depth + 1) }
	};
}
/** The error again, with the stack of where it was thrown. Those of other classes than Quire's are plain, and keep their name. */
function errorFromData(data) {
	const error = restored(data);
	if (data.stack !== void 0) error.stack = data.stack;
	return error;
}
function restored({ name, message, code, param, status, cause: from }) {
	const options = from === void 0 ? {} : { cause: errorFromData(from) };
	if (name === "RequestError") return new RequestError(message, {
		...options,
		code,
		status,
		param: param ?? void 0
	});
	const ErrorClass = Object.hasOwn(CLASSES, name) ? CLASSES[name] : void 0;
	if (ErrorClass !== void 0) return new ErrorClass(message, options);
	if (name === "QuireError") return new QuireError(code ?? "", message, options);
	const error = new Error(message, options);
	error.name = name;
	return code === void 0 ? error : Object.assign(error, { code });
}
// src/engine/wire/output-row.ts
function outputToRow(output) {
	const { requestId, newTokenIds, logprobs, promptLogprobs, finishReason, stopReason, numCachedTokens } = output;
	return [
		requestId,
		newTokenIds,
		finishReason,
		stopReason,
		numCachedTokens,
		logprobs && logprobs.map(logprobsToRow),
		promptLogprobs?.start ?? 0,
		promptLogprobs && promptLogprobs.rows.map(logprobsToRow),
		output.errorMessage
	];
}
function outputFromRow(row) {
	const [requestId, newTokenIds, finishReason, stopReason, numCachedTokens, logprobs, start, promptRows, errorMessage] = row;
	return {
		requestId,
		newTokenIds,
		logprobs: logprobs && logprobs.map(logprobsFromRow),
		promptLogprobs: promptRows && {
			start,
			rows: promptRows.map(logprobsFromRow)
		},
		finishReason,
		stopReason,
		errorMessage,
		numCachedTokens
	};
}
function logprobsToRow({ tokenIds, logprobs, rank }) {
	return [
		tokenIds,
		logprobs,
		rank
	];
}
function logprobsFromRow([tokenIds, logprobs, rank]) {
	return {
		tokenIds,
		logprobs,
		rank
	};
}
export { errorToData as i, outputToRow as n, errorFromData as r, outputFromRow as t };
