/** The byte-level alphabet of GPT-2: each of the 256 bytes has one printable character. */
/** Character of each byte: printable Latin-1 stands for itself, the other bytes follow from U+0100 on. */
export declare const BYTE_TO_CHAR: readonly string[];
/** The bytes that a byte-level token stands for; a token with any other character stands for its own UTF-8. */
export declare function byteLevelBytes(token: string): Uint8Array;
