import type { DecodeRules } from "./decoder.js";
import type { Vocabulary } from "./vocabulary.js";
/** A table over the vocabulary. */
export declare class TokenPieces {
    #private;
    readonly vocabulary: Vocabulary;
    readonly rules: DecodeRules;
    constructor(vocabulary: Vocabulary, rules: DecodeRules);
    /** The token's bytes (first-token rules not applied); undefined for an id outside the vocabulary. */
    bytes(id: number): Uint8Array | undefined;
    /** The token's text; null if it is a byte of a fallback or no whole characters, undefined outside the vocabulary. */
    text(id: number): string | null | undefined;
}
