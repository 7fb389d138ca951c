/** What the lowering of one program knows: who reads what, and which activations are packed already. */
import type { OpRecord, RecordedProgram } from "../../platform.js";
import type { Storage, Tensor } from "../../../tensor/tensor.js";
import type { Argument, LoweredOp } from "./lowered-op.js";
export declare class LoweringContext {
    readonly records: readonly OpRecord[];
    readonly threads: number;
    private readonly readersOf;
    private readonly packed;
    private readonly made;
    constructor(program: RecordedProgram, threads: number);
    /** Indexes of the records that read anything of the tensor's storage, ascending. */
    readers(tensor: Tensor): readonly number[];
    /**
     * The seven arguments of a linear record's product (packed, isBf16, numTokens, weight, dtype, rows, columns), and the op
     * that packs its input, unless something packed it before.
     */
    product(record: OpRecord): {
        pack: LoweredOp[];
        product: Argument[];
    };
    /** Room for the packed form of x; products that come later will read it, so the caller must fill it. */
    declarePacked(x: Tensor, isBf16: boolean): Storage;
    /** What `make` gave when it was first asked for under this key: working memory that several records use. */
    shared(key: string, make: () => Storage): Storage;
    /**
     * How linear layers that take x whole want it packed (true: bf16); undefined if there are none, or they disagree.
     */
    packedFor(x: Tensor): boolean | undefined;
    /** As packedFor(), and nothing else reads x, so that x itself need not exist. */
    packedAloneAs(x: Tensor): boolean | undefined;
    private packedBy;
}
/** Bytes of packed activations (native/cpu/packed.h), in the largest of their forms. */
export declare function packedBytes(numRows: number, columns: number): number;
export declare function isLinear(record: OpRecord): boolean;
/** Whether a linear record rounds its input to bf16. */
export declare function packsAsBf16(record: OpRecord): boolean;
