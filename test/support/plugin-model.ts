/** A model as somebody outside the repository would write it: from the entry files alone. It is a Llama by other names. */
import type { ConfigOf } from "../../src/layers/index.js";
import {
  Attention,
  CausalLM,
  GatedMLP,
  hfConfig,
  Module,
  ParallelLMHead,
  QKVParallelLinear,
  RMSNorm,
  RotaryEmbedding,
  RowParallelLinear,
  VocabParallelEmbedding,
} from "../../src/layers/index.js";
import type { Step, Tensor } from "../../src/ops/index.js";
import { activationKinds, add } from "../../src/ops/index.js";

const config = hfConfig((f) => ({
  hiddenSize: f.int(),
  intermediateSize: f.int(),
  numHiddenLayers: f.int(),
  heads: f.heads(),
  rope: f.rope(),
  vocabSize: f.int(),
  hiddenAct: f.oneOf(activationKinds, "silu"),
  rmsNormEps: f.number(1e-6),
}));
type Config = ConfigOf<typeof config>;

class Block extends Module<Config> {
  private heads = this.config.heads;
  private size = this.config.hiddenSize;
  private norm1 = new RMSNorm(this.at("input_layernorm"), this.config);
  private qkv = new QKVParallelLinear(this.at("self_attn.qkv_proj"), { inputSize: this.size, ...this.heads });
  private rotary = new RotaryEmbedding(this.at("rotary_emb"), this.config.rope);
  private attention = new Attention(this.at("attn"), { ...this.heads, scale: this.heads.headDim ** -0.5 });
  private out = new RowParallelLinear(this.at("self_attn.o_proj"), {
    inputSize: this.heads.size,
    outputSize: this.size,
  });
  private norm2 = new RMSNorm(this.at("post_attention_layernorm"), this.config);
  private mlp = new GatedMLP(this.at("mlp"), this.config);

  forward(positions: Tensor, x: Tensor): Tensor {
    const [q, k, v] = this.qkv.forward(this.norm1.forward(x));
    x = add(x, this.out.forward(this.attention.forward(...this.rotary.forward(positions, q, k), v)));
    return add(x, this.mlp.forward(this.norm2.forward(x)));
  }
}

export class PluginDemoForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  static readonly renames = [
    [/^model\.layers\./, "blocks."],
    [/^model\./, ""],
  ] as const;
  private embedding = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private blocks = this.list("blocks", this.config.numHiddenLayers, Block);
  private norm = new RMSNorm(this.at("norm"), this.config);
  private head = new ParallelLMHead(this.at("lm_head"), this.config);

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedding.forward(inputIds);
    for (const block of this.blocks) x = block.forward(positions, x);
    return this.norm.forward(x);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.head.forward(rows);
  }
}
