// src/util/text.ts
/** Names and values as they stand in messages. */
/** `numKeyValueHeads` -> `num_key_value_heads`. */
function snakeCase(camelCase) {
	return camelCase.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
/** A value for a message, short whatever it is. */
function showValue(value) {
	if (typeof value === "number" || typeof value === "bigint" || value === void 0) return String(value);
	let text;
	try {
		text = JSON.stringify(value) ?? typeof value;
	} catch {
		text = typeof value;
	}
	return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
/** What a caught value says: an error's message, anything else as text. */
function messageOf(error) {
	return error instanceof Error ? error.message : String(error);
}
export { showValue as n, snakeCase as r, messageOf as t };
