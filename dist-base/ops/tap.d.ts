/** Gives a value a name, by which it can be looked at. */
import type { Tensor } from "../tensor/tensor.js";
/**
 * Names a value for `quire check --reference`, which compares it with the dump's tensor of that name, or shows it where the
 * dump has none. Computes nothing, and costs nothing in ordinary runs: keep it in a model while you port it.
 *
 * @param name after the module that records it: "rotated" in `model.layers.0.self_attn` is `model.layers.0.self_attn.rotated`
 * @param x    any tensor of the step
 * @returns    x itself
 * @throws LifetimeError if x belongs to no program
 */
export declare function tap(name: string, x: Tensor): Tensor;
