/** What a model's forward gets: the tokens of all requests of one step, flattened, and where their KV cache lies. */
import type { KVCacheShape, KVCacheSpec } from "../platform/platform.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Program } from "./program.js";
export type { KVCacheShape };
/** One attention layer's paged KV cache: numBlocks blocks from `address` on, in the platform's own layout. */
export interface KVCache {
    readonly spec: KVCacheSpec;
    readonly numBlocks: number;
    readonly address: number;
    /** The cache as bytes: [numBlocks, bytes from block to block] u8. A block may be shorter than its room. */
    readonly tensor: Tensor;
}
/**
 * Which rows belong to which request. Capacities are fixed; `numSeqs` says at run time how many entries count, so that
 * one compiled program serves every mix of requests with the same number of tokens. All layers share it.
 */
export interface SequenceMetadata {
    /** [1] i32: requests in this step */
    readonly numSeqs: Tensor;
    /** [maxNumSeqs + 1] i32: request i owns rows queryStartLoc[i] .. queryStartLoc[i + 1] */
    readonly queryStartLoc: Tensor;
    /** [maxNumSeqs] i32: tokens of request i in the KV cache after this step */
    readonly seqLens: Tensor;
}
/** And where keys and values lie. Layers of one KV cache group share it; other groups have other blocks. */
export interface AttentionMetadata extends SequenceMetadata {
    /**
     * [maxNumSeqs, maxBlocksPerSeq] i32: block ids of request i, in order. Of a layer with a sliding window, entries before
     * the window name blocks that are null (0) or somebody else's: they must not be read.
     */
    readonly blockTable: Tensor;
    /** [numTokens] i32: block id * blockSize + offset where each row's key and value go */
    readonly slotMapping: Tensor;
}
/** And where the state of each request lies, in layers that keep one state a request instead of keys and values. */
export interface StateMetadata extends SequenceMetadata {
    /** [maxNumSeqs] i32: the row of the state tensors that is request i's */
    readonly stateSlots: Tensor;
}
/** What a state layer keeps between steps. */
export interface LayerState {
    /**
     * By the name that the layer declared: [numSlots, ...shape] f32; the rows are strided. A slot's content is undefined
     * until its request wrote it: a request whose first row of the step stands at position 0 starts from zeros.
     */
    readonly tensors: Readonly<Record<string, Tensor>>;
    readonly metadata: StateMetadata;
}
export interface Step {
    readonly program: Program;
    /** [numTokens] i32 */
    readonly inputIds: Tensor;
    /** [numTokens] i32: 0 for the first token of a request */
    readonly positions: Tensor;
    /** by the attention layer's prefix */
    readonly kvCaches: ReadonlyMap<string, KVCache>;
    /** by the attention layer's prefix; layers of one KV cache group share one object */
    readonly attentionMetadata: ReadonlyMap<string, AttentionMetadata>;
    /** by the state layer's prefix */
    readonly states: ReadonlyMap<string, LayerState>;
}
