/** A module of the reference. */
export interface ReferenceModule {
    readonly class: string;
    /** Plain fields of the Python object: eps, scaling, sliding_window … */
    readonly attributes: Readonly<Record<string, unknown>>;
    /** Its own parameters: shape and first four values. */
    readonly weights: Readonly<Record<string, readonly [shape: number[], start: number[]]>>;
}
export interface DumpTensor {
    readonly shape: readonly number[];
    readonly values: Float32Array;
}
/** An open dump. Calls are module names, the second call of a module "name#2"; the model itself is "". */
export declare class Dump {
    readonly path: string;
    readonly ids: readonly number[];
    /** In the order in which they began. */
    readonly calls: readonly string[];
    readonly modules: ReadonlyMap<string, ReferenceModule>;
    readonly config: Readonly<Record<string, unknown>>;
    private readonly file;
    private readonly stored;
    private readonly cache;
    private cachedElements;
    private readonly keysOf;
    /** @throws CheckpointError if the file is damaged or no dump of the script */
    constructor(path: string);
    /** Keys of a call's tensors: "name:in.0", "name:in.hidden_states", "name:out.0" … */
    keys(call: string): readonly string[];
    /** As the reference had it; empty for an unknown key. */
    shape(key: string): readonly number[];
    /** Whether a tensor holds whole numbers: ids, choices. */
    isInteger(key: string): boolean;
    /** Do not write to its values. @throws CheckpointError if there is no such tensor or the file cannot be read */
    tensor(key: string): DumpTensor;
    private read;
    /**
     * A tensor with one row a token, [numTokens * features] row-major; undefined where it has no such form, or another number of
     * features. Heads before tokens ([1, heads, tokens, headDim]) are put behind.
     */
    rows(key: string, features?: number): Float32Array | undefined;
    /** The class of a call's module. */
    classOf(call: string): string;
    close(): void;
}
/** "name#2" -> "name". */
export declare function moduleOf(call: string): string;
