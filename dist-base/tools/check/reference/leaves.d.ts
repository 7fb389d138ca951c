/** Which modules of the reference one op of the port computes: a fused layer stands for several, column by column. */
import type { DeclaredParameter } from "../../../layers/parameter-table.js";
import type { OpRecord } from "../../../platform/platform.js";
import type { Dump } from "./dump.js";
import type { Names } from "./names.js";
/** A module of the reference, or a part of its output, inside one op of the port. */
export interface Leaf {
    /** Call of the reference: "model.layers.0.self_attn.q_proj". */
    readonly call: string;
    /** Column i of `columns` in the port's output is feature features[i] of the reference's; undefined: all, in order. */
    readonly columns?: readonly number[];
    readonly features?: readonly number[];
    /** Features of the reference's whole output. */
    readonly size: number;
}
/** Finds leaves record by record; records must come in the order of the run. */
export declare class LeafFinder {
    private readonly dump;
    private readonly names;
    private readonly declared;
    private readonly looked;
    private readonly timesSeen;
    /** Ops that compute modules of the reference once more than the reference does, with their names. */
    readonly repeated: Map<OpRecord, string[]>;
    /** Modules of the reference that some op stood for. */
    readonly found: Set<string>;
    /** @param until index of the first call of the reference that is not looked at */
    constructor(dump: Dump, names: Names, declared: readonly DeclaredParameter[], until: number);
    /** Modules of the reference whose weights a record reads. */
    modules(record: OpRecord): Set<string>;
    find(record: OpRecord): Leaf[];
    private candidates;
    private isLeaf;
    private leaf;
    /** Undefined where a row comes from no module of the reference. */
    private linearParts;
}
