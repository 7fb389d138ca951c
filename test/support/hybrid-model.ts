/** A model with attention and states, as hybrids have them: blocks of Mamba, attention and Mamba-2 in turn. */
import type { ConfigOf } from "../../src/layers/index.js";
import {
  Attention,
  CausalLM,
  hfConfig,
  Mamba2Mixer,
  MambaMixer,
  Module,
  ParallelLMHead,
  QKVParallelLinear,
  RMSNorm,
  RowParallelLinear,
  VocabParallelEmbedding,
} from "../../src/layers/index.js";
import type { Step, Tensor } from "../../src/ops/index.js";
import { add } from "../../src/ops/index.js";

const config = hfConfig((f) => ({
  hiddenSize: f.int(),
  numHiddenLayers: f.int(),
  heads: f.heads(),
  vocabSize: f.int(),
  rmsNormEps: f.number(1e-6),
}));
type Config = ConfigOf<typeof config>;

class HybridAttention extends Module<Config> {
  private c = this.config;
  private qkvProj = new QKVParallelLinear(this.at("qkv_proj"), { inputSize: this.c.hiddenSize, ...this.c.heads });
  private attention = new Attention(this.at("attn"), { ...this.c.heads, scale: this.c.heads.headDim ** -0.5 });
  private oProj = new RowParallelLinear(this.at("o_proj"), {
    inputSize: this.c.heads.size,
    outputSize: this.c.hiddenSize,
  });

  forward(x: Tensor): Tensor {
    return this.oProj.forward(this.attention.forward(...this.qkvProj.forward(x)));
  }
}

/** One layer; its kind goes by its index. */
class HybridBlock extends Module<Config> {
  private norm = new RMSNorm(this.at("norm"), this.config);
  private shared = {
    ...this.config,
    stateSize: 8,
    convKernel: 4,
    useBias: false,
    useConvBias: true,
    hiddenAct: "silu",
  } as const;
  private mixer = this.makeMixer();

  private makeMixer(): HybridAttention | MambaMixer<Config> | Mamba2Mixer<Config> {
    const { shared, config: c } = this;
    const kind = Number(this.prefix.name.split(".").pop()) % 3;
    if (kind === 1) return new HybridAttention(this.at("self_attn"));
    if (kind === 0)
      return new MambaMixer(this.at("mixer"), { ...shared, intermediateSize: 2 * c.hiddenSize, timeStepRank: 4 });
    const heads = { numHeads: c.hiddenSize / 8, headDim: 16, nGroups: 2, timeStepLimit: [0, Infinity] } as const;
    return new Mamba2Mixer(this.at("mixer"), { ...shared, ...heads });
  }

  forward(x: Tensor): Tensor {
    return add(x, this.mixer.forward(this.norm.forward(x)));
  }
}

export class HybridForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, HybridBlock);
  private norm = new RMSNorm(this.at("norm"), this.config);
  private lmHead = new ParallelLMHead(this.at("lm_head"), this.config);

  forward({ inputIds }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(x);
    return this.norm.forward(x);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
