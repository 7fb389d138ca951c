/** A tuple, to tell it from a list. */
export declare class PickleTuple {
    readonly items: readonly PickleValue[];
    constructor(items: readonly PickleValue[]);
}
/** A listed Python name, "torch.FloatStorage". `call` builds what Python's callable would; without it the name is only a word. */
export declare class PickleGlobal {
    readonly name: string;
    readonly call: ((args: readonly PickleValue[]) => PickleValue) | undefined;
    constructor(name: string, call?: (args: readonly PickleValue[]) => PickleValue);
}
/** Something that a listed function or the persistent loader made. */
export declare abstract class PickleObject {
    /** For errors. */
    abstract readonly kind: string;
}
/** What a pickle can hold here: dicts are Maps, lists are arrays. */
export type PickleValue = null | boolean | number | bigint | string | PickleTuple | PickleValue[] | Map<PickleValue, PickleValue> | PickleGlobal | PickleObject;
/** What the pickle may ask for. */
export interface PickleHost {
    /** Begins every error: the file. */
    where: string;
    /** The only names that may be used. */
    globals: ReadonlyMap<string, PickleGlobal>;
    /** Gives the object for a persistent id. Throws CheckpointError for one it does not know. */
    persistentLoad(id: PickleValue): PickleValue;
    /** The pickle is refused after so many opcodes; it bounds time and memory. */
    maxOpcodes: number;
}
/**
 * Reads one pickle.
 *
 * @throws CheckpointError for an opcode or global that is not listed, a damaged pickle, or one that is unreasonably long
 */
export declare function readPickle(bytes: Uint8Array, host: PickleHost): PickleValue;
/** A value's kind, as shown in errors. */
export declare function describe(value: PickleValue): string;
