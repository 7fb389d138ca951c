/** UTF-8 that arrives in pieces: complete characters at once, an unfinished one is held back. */

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Bytes that the character begun by this byte has, 0 if no character begins with it. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** Whether `second` may follow `lead` (this shuts out overlong forms, surrogates and code points above U+10FFFF). */
function mayFollow(lead: number, second: number): boolean {
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  return second >= low && second <= high;
}

/** How many bytes at the end begin a character that is not complete yet: 0 to 3. */
export function incompleteTail(bytes: Uint8Array): number {
  for (let length = 1; length <= 3 && length <= bytes.length; length++) {
    const byte = bytes[bytes.length - length]!;
    if ((byte & 0xc0) === 0x80) continue;
    if (sequenceLength(byte) <= length) return 0;
    return length === 1 || mayFollow(byte, bytes[bytes.length - length + 1]!) ? length : 0;
  }
  return 0;
}

/** The text of whole bytes, or undefined if they are not valid UTF-8. */
export function decodeStrict(bytes: Uint8Array): string | undefined {
  const text = decoder.decode(bytes);
  // U+FFFD is valid input too; then the round trip tells.
  return text.includes("\uFFFD") && Buffer.compare(Buffer.from(text), bytes) !== 0 ? undefined : text;
}

/** Text of bytes, each maximal invalid part as one U+FFFD (as the WHATWG decoder and Rust's lossy decoding do). */
export function decodeLossy(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** A streaming lossy decoder; at most three bytes are pending. */
export class Utf8Stream {
  #pending: Uint8Array = new Uint8Array(0);

  /** Bytes of an unfinished character. */
  get pending(): number {
    return this.#pending.length;
  }

  /** Adds bytes; returns the text that is now certain. */
  write(bytes: Uint8Array): string {
    const all = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    const tail = incompleteTail(all);
    this.#pending = all.slice(all.length - tail);
    return tail === all.length ? "" : decoder.decode(all.subarray(0, all.length - tail));
  }

  /** Ends the stream: an unfinished character becomes one U+FFFD. */
  end(): string {
    const text = this.#pending.length === 0 ? "" : "\uFFFD";
    this.#pending = new Uint8Array(0);
    return text;
  }
}
