import type { TokenizerJson } from "./tokenizer-json.js";
/** Encodes text without special tokens around it; special tokens inside the text are recognised. */
export interface EncodeEngine {
    readonly name: "native" | "javascript";
    /** The native engine works on a thread of libuv's pool, so the event loop stays free. */
    encode(text: string): Promise<number[]>;
    /** Present on the JavaScript engine only. */
    encodeSync?(text: string): number[];
}
/** The native engine, which knows its vocabulary. */
export interface NativeEncodeEngine extends EncodeEngine {
    tokenOf(id: number): string | undefined;
    idOf(token: string): number | undefined;
}
export interface EngineOptions {
    /** `auto` (default) takes the native engine, and the JavaScript one where its binary does not load. */
    engine?: "auto" | "native" | "javascript";
    /** Gets one line when the native engine is missing. */
    log?: (line: string) => void;
}
/**
 * @param serialized gives the text of a tokenizer.json
 * @throws CheckpointError if the tokenizer is damaged; Error if the package does not load here
 */
export declare function createNativeEngine(serialized: () => string, where: string): Promise<NativeEncodeEngine>;
/**
 * Builds the engine for a tokenizer.
 * @param serialized  gives the tokenizer.json text of `json`; called only where the native engine needs it
 * @throws CheckpointError if the tokenizer is damaged; UnsupportedError if the engine lacks what it needs; Error if `engine: "native"` was asked for and does not load
 */
export declare function createEncodeEngine(json: TokenizerJson, serialized: () => string, where: string, options?: EngineOptions): Promise<EncodeEngine>;
