import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
interface VocabOptions {
    readonly vocabSize: number;
    readonly hiddenSize: number;
}
/**
 * Token embeddings; ids of other ranks give zeros. `embedScale` is a factor of all rows that a model keeps in its own dtype
 * (Gemma: the root of hiddenSize, 55.5 for 3072 in bf16); the head that is tied to this layer does not have it.
 */
export declare class VocabParallelEmbedding<C> extends Module<C> {
    readonly weight: Parameter;
    private readonly rowStart;
    private readonly embedScale;
    constructor(prefix: Prefix<C>, options: VocabOptions & {
        embedScale?: number;
    });
    /** ids [numTokens] i32 -> [numTokens, hiddenSize] f32 */
    forward(ids: Tensor): Tensor;
}
/** An embedding table that every rank holds whole, such as learned positions. */
export declare class Embedding<C> extends Module<C> {
    private readonly weight;
    private readonly offset;
    /** `offset` is added to every id: OPT's positions begin at row 2. */
    constructor(prefix: Prefix<C>, { numEmbeddings, embeddingDim, offset }: {
        numEmbeddings: number;
        embeddingDim: number;
        offset?: number;
    });
    /** ids [numTokens] i32 -> [numTokens, embeddingDim] f32 */
    forward(ids: Tensor): Tensor;
}
/**
 * The product that makes logits. With `tieWordEmbeddings` and `tiedTo` it uses that embedding's matrix and the checkpoint needs
 * no `lm_head.weight`.
 */
export declare class ParallelLMHead<C> extends Module<C> {
    private readonly weight;
    private readonly bias;
    constructor(prefix: Prefix<C>, options: VocabOptions & {
        bias?: boolean;
        tieWordEmbeddings?: boolean;
        tiedTo?: VocabParallelEmbedding<C>;
    });
    /** rows [numRows, hiddenSize] f32 -> logits of this rank's vocabulary, [numRows, vocabSize / worldSize] f32 */
    forward(rows: Tensor): Tensor;
}
export {};
