/** What the search for a cause works with: a segment that gives wrong numbers, and everything that the reference said around it. */
import type { Tensor } from "../../../tensor/tensor.js";
import type { ConstructedModel } from "../../../worker/load-model.js";
import type { Dump } from "../reference/dump.js";
import type { Segment } from "../reference/segment.js";
/** Why the numbers differ. Confirmed: with it, they agree. */
export interface Cause {
    readonly text: string;
    readonly confirmed: boolean;
    /** The change that did it, for other layers. */
    readonly variant?: string;
}
/** A value of the reference, as long as the one that is wrong. */
export interface Neighbour {
    /** "model.layers.0.mlp.down_proj:out" */
    readonly label: string;
    readonly values: Float32Array;
}
export interface NamedNumber {
    readonly value: number;
    readonly name: string;
}
export interface EvidenceParts {
    readonly segment: Segment;
    readonly dump: Dump;
    readonly constructed: ConstructedModel;
    /** Call of the reference whose input or output is wrong; "" for the logits. */
    readonly call: string;
    readonly side: "in" | "out";
    readonly tolerance: number;
}
export declare class Evidence {
    readonly segment: Segment;
    readonly dump: Dump;
    readonly constructed: ConstructedModel;
    readonly call: string;
    readonly side: "in" | "out";
    readonly tolerance: number;
    private cachedNeighbours;
    private cachedNumbers;
    constructor(parts: EvidenceParts);
    /** Whether values are the reference's, and clearly nearer to it than the port's own. */
    agrees(values: Float32Array | undefined): boolean;
    /** Values of the reference from the segment's beginning up to its end, without repetitions. */
    neighbours(): readonly Neighbour[];
    /** Numbers of the config and of the reference's modules around the place. */
    numbers(): readonly NamedNumber[];
    /** "8 (sqrt of hidden_size)" where a number can be explained; names that share a word with `about` come first. */
    explain(value: number, about?: string): string;
    /** The same for a number that something is multiplied by. */
    explainFactor(value: number): string;
    /** A tensor of the segment in words: the reference's name for it, or the op that made it. */
    describe(tensor: Tensor): string;
    /** Calls of the reference from the layer before the segment's beginning up to its end. */
    nearCalls(): string[];
    private findNeighbours;
    /** Index of the first call of the layer before a call's own; 0 outside layers. */
    private startOfLayerBefore;
    private findNumbers;
}
