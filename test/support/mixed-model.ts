/** A model whose layers keep different things of a request, as its config.json says: for tests of KV cache groups. */
import { rawValue } from "../../src/config/raw-config.js";
import type { ConfigOf, RawConfig } from "../../src/layers/index.js";
import {
  Attention,
  CausalLM,
  hfConfig,
  MambaMixer,
  Module,
  ParallelLMHead,
  QKVParallelLinear,
  RMSNorm,
  RotaryEmbedding,
  RowParallelLinear,
  VocabParallelEmbedding,
} from "../../src/layers/index.js";
import type { PluginApi } from "../../src/index.js";
import type { Step, Tensor } from "../../src/ops/index.js";
import { add } from "../../src/ops/index.js";

const layerKinds = ["full", "window", "chunk", "fewer heads", "state"] as const;

const config = hfConfig((f) => ({
  hiddenSize: f.int(),
  heads: f.heads(),
  rope: f.rope(),
  vocabSize: f.int(),
  rmsNormEps: f.number(1e-6),
  kinds: (raw: RawConfig) => rawValue(raw, "layer_kinds") as (typeof layerKinds)[number][],
}));
type Config = ConfigOf<typeof config>;

const sights = {
  window: { slidingWindow: 12 },
  chunk: { attentionChunkSize: 20 },
  "fewer heads": { slidingWindow: 21 },
};

class MixedAttention extends Module<Config> {
  private kind = this.config.kinds[this.layer]!;
  private heads = { ...this.config.heads, ...(this.kind === "fewer heads" ? { numKvHeads: 1 } : {}) };
  private size = this.config.hiddenSize;
  private qkv = new QKVParallelLinear(this.at("qkv_proj"), { inputSize: this.size, ...this.heads });
  private rotary = new RotaryEmbedding(this.at("rotary_emb"), this.config.rope);
  private attention = new Attention(this.at("attn"), {
    ...this.heads,
    ...(this.kind in sights ? sights[this.kind as keyof typeof sights] : {}),
    scale: this.heads.headDim ** -0.5,
  });
  private out = new RowParallelLinear(this.at("o_proj"), { inputSize: this.heads.size, outputSize: this.size });

  private get layer(): number {
    return Number(this.prefix.name.split(".")[1]);
  }

  forward(positions: Tensor, x: Tensor): Tensor {
    const [q, k, v] = this.qkv.forward(x);
    return this.out.forward(this.attention.forward(...this.rotary.forward(positions, q, k), v));
  }
}

class Block extends Module<Config> {
  private norm = new RMSNorm(this.at("norm"), this.config);
  private mixer: MixedAttention | MambaMixer<Config>;

  constructor(prefix: ConstructorParameters<typeof Module<Config>>[0], layer: number) {
    super(prefix);
    const at = this.at("mixer");
    const { hiddenSize } = this.config;
    const sizes = { hiddenSize, intermediateSize: 2 * hiddenSize, stateSize: 8, convKernel: 4, timeStepRank: 4 };
    const isState = this.config.kinds[layer] === "state";
    this.mixer = isState
      ? new MambaMixer(at, { ...sizes, useBias: false, useConvBias: true, hiddenAct: "silu" })
      : new MixedAttention(at);
  }

  forward(positions: Tensor, x: Tensor): Tensor {
    const normed = this.norm.forward(x);
    const { mixer } = this;
    return add(x, mixer instanceof MixedAttention ? mixer.forward(positions, normed) : mixer.forward(normed));
  }
}

export class MixedForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private embedding = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private blocks = this.list("layers", this.config.kinds.length, Block);
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

export default function (quire: PluginApi): void {
  quire.registerModel("MixedForCausalLM", () => Promise.resolve({ MixedForCausalLM }));
}
