/** What the worker needs from a text-generation model. */
import type { HfConfig } from "../config/hf-config.js";
import type { Step } from "../ops/step.js";
import { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
/** Base class of text-generation models. What the two methods return is checked. */
export declare abstract class CausalLM<C = unknown> extends Module<C> {
    constructor(prefix: Prefix<C>);
    /** Flattened tokens of all requests -> hidden states [numTokens, hiddenSize] f32. */
    abstract forward(step: Step): Tensor;
    /** Rows to be sampled, [numRows, hiddenSize] f32 -> logits [numRows, vocabSize] f32. */
    abstract computeLogits(rows: Tensor): Tensor;
}
/** A checkpoint name and what it becomes; the first rule that matches is used. */
export type Rename = readonly [from: RegExp, to: string];
/** A model's class, with what the loader must know before it constructs one. Any config type fits. */
export interface CausalLMClass {
    new (prefix: Prefix<never>): CausalLM<unknown>;
    readonly config: HfConfig<unknown>;
    /** Checkpoint names that differ from the module tree's. */
    readonly renames?: readonly Rename[];
    /** Checkpoint tensors that the model does not use. */
    readonly ignored?: readonly RegExp[];
    /** The same, where the config says which. */
    readonly ignoredBy?: (config: never) => readonly RegExp[];
    /**
     * "tolerance" where log-probabilities of a request may differ in the last digits with its neighbours or the cuts of its
     * prompt; default: they are the same bits.
     */
    readonly invariance?: "tolerance";
}
