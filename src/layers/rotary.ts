/** Rotary position embedding as a layer: one table for the whole model. */
import type { RopeConfig } from "../config/hf-rope.js";
import { rotaryEmbedding } from "../ops/rotary-embedding.js";
import type { RotaryStyle } from "../ops/rotary-embedding.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkSizes } from "./check-options.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
import { cosSinTable, ropeFrequencies } from "./rope-frequencies.js";

/**
 * Rotates queries and keys, `f.rope()` says how: type, base, stretching, and how many elements of a head (partial rotary).
 * Layers with the same settings share one table.
 */
export class RotaryEmbedding<C> extends Module<C> {
  private readonly cosSin: Parameter;
  private readonly style: RotaryStyle;

  constructor(prefix: Prefix<C>, rope: RopeConfig, options: { style?: RotaryStyle } = {}) {
    super(prefix);
    checkSizes(prefix, { "rope.rotaryDim": rope?.rotaryDim });
    const { parameters, maxModelLen } = prefix.context;
    this.style = options.style ?? "neox";
    this.cosSin = parameters.constant(`rotary.${JSON.stringify(rope)}`, [maxModelLen, rope.rotaryDim], () =>
      cosSinTable(ropeFrequencies(rope, maxModelLen), maxModelLen),
    );
  }

  /** positions [numTokens] i32; q, k [numTokens, heads, headDim] f32 -> q, k rotated */
  forward(positions: Tensor, q: Tensor, k: Tensor): [q: Tensor, k: Tensor] {
    return [
      rotaryEmbedding(positions, q, this.cosSin, this.style),
      rotaryEmbedding(positions, k, this.cosSin, this.style),
    ];
  }
}
