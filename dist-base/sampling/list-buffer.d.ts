/** A list of 32-bit integers that grows, reused from step to step. */
export declare class ListBuffer {
    /** The first `length` of these count. Another array after growth. */
    words: Int32Array<ArrayBuffer>;
    length: number;
    clear(): void;
    push(word: number): void;
    /** Appends all; returns where they start. */
    append(words: Int32Array): number;
    private reserve;
}
