// src/tokenizer/utf8-stream.ts
/** UTF-8 that arrives in pieces: complete characters at once, an unfinished one is held back. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
/** Bytes that the character begun by this byte has, 0 if no character begins with it. */
function sequenceLength(lead) {
	if (lead < 128) return 1;
	if (lead < 194 || lead > 244) return 0;
	return lead < 224 ? 2 : lead < 240 ? 3 : 4;
}
/** Whether `second` may follow `lead` (this shuts out overlong forms, surrogates and code points above U+10FFFF). */
function mayFollow(lead, second) {
	return second >= (lead === 224 ? 160 : lead === 240 ? 144 : 128) && second <= (lead === 237 ? 159 : lead === 244 ? 143 : 191);
}
/** How many bytes at the end begin a character that is not complete yet: 0 to 3. */
function incompleteTail(bytes) {
	for (let length = 1; length <= 3 && length <= bytes.length; length++) {
		const byte = bytes[bytes.length - length];
		if ((byte & 192) === 128) continue;
		if (sequenceLength(byte) <= length) return 0;
		return length === 1 || mayFollow(byte, bytes[bytes.length - length + 1]) ? length : 0;
	}
	return 0;
}
/** The text of whole bytes, or undefined if they are not valid UTF-8. */
function decodeStrict(bytes) {
	const text = decoder.decode(bytes);
	return text.includes("�") && Buffer.compare(Buffer.from(text), bytes) !== 0 ? void 0 : text;
}
/** Text of bytes, each maximal invalid part as one U+FFFD (as the WHATWG decoder and Rust's lossy decoding do). */
function decodeLossy(bytes) {
	return decoder.decode(bytes);
}
/** A streaming lossy decoder; at most three bytes are pending. */
var Utf8Stream = class {
	#pending = /* @__PURE__ */ new Uint8Array(0);
	/** Bytes of an unfinished character. */
	get pending() {
		return this.#pending.length;
	}
	/** Adds bytes; returns the text that is now certain. */
	write(bytes) {
		const all = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
		const tail = incompleteTail(all);
		this.#pending = all.slice(all.length - tail);
		return tail === all.length ? "" : decoder.decode(all.subarray(0, all.length - tail));
	}
	/** Ends the stream: an unfinished character becomes one U+FFFD. */
	end() {
		const text = this.#pending.length === 0 ? "" : "�";
		this.#pending = /* @__PURE__ */ new Uint8Array(0);
		return text;
	}
};
export { incompleteTail as i, decodeLossy as n, decodeStrict as r, Utf8Stream as t };
