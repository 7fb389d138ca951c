/** Values of GGUF metadata. */
/** An array of metadata: numbers come as the typed array of their GGUF type. */
export type GgufArray = readonly string[] | readonly boolean[] | Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array | BigUint64Array | BigInt64Array | readonly GgufArray[];
/** A metadata value. 64-bit integers are numbers where those are exact, else bigints. */
export type GgufValue = string | number | bigint | boolean | GgufArray;
/** Metadata by key ("llama.block_count"). */
export type GgufMetadata = Pick<ReadonlyMap<string, GgufValue>, "get" | "has">;
/** Metadata whose lists of strings (vocabulary, merges) are decoded when they are first asked for. */
export declare class LazyMetadata implements GgufMetadata {
    #private;
    has(key: string): boolean;
    get(key: string): GgufValue | undefined;
    set(key: string, value: GgufValue | (() => GgufValue)): void;
}
/** Texts with their lengths in front, as u64 below 2^32; bytes that are no UTF-8 become U+FFFD. */
export declare function decodeTexts(bytes: Uint8Array<ArrayBuffer>, count: number): string[];
/** `7 (number)`, `array of 3`, ...: a value as shown in errors. */
export declare function describeValue(value: GgufValue): string;
