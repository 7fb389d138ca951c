import type { StepJson } from "./tokenizer-json.js";
/** How text follows from single tokens; `general` means only the whole list tells. */
export type DecodeRules = {
    kind: "byte-level";
} | {
    kind: "pieces";
    /** Applied to each token, in order. */
    replacements: {
        from: string | RegExp;
        to: string;
    }[];
    /** Whether `<0xNN>` tokens are bytes. */
    byteFallback: boolean;
    /** Up to `count` of `char` are taken off the start of the whole text. */
    strip: {
        char: string;
        count: number;
    };
    /** Removed from the first token only. */
    firstTokenRemoves: string | undefined;
} | {
    kind: "general";
};
/** The value of a `<0xNN>` token, or -1. */
export declare function fallbackByte(token: string): number;
/**
 * A function from tokens to text, equal to Hugging Face tokenizers' decoder. Without a decoder tokens are joined by spaces.
 * @throws CheckpointError for an unknown decoder
 */
export declare function compileDecoder(decoder: StepJson | null, where: string): (tokens: string[]) => string;
/** Finds out whether the text can be built token by token, and how. */
export declare function decodeRules(decoder: StepJson | null, where: string): DecodeRules;
