/** A small port with something of every family: it is right, unless a mistake is planted. */
import type { ConfigOf, Prefix } from "../../src/layers/index.js";
import {
  Attention,
  CausalLM,
  hfConfig,
  LayerNorm,
  MergedColumnParallelLinear,
  Module,
  ParallelLMHead,
  QKVParallelLinear,
  RMSNorm,
  RotaryEmbedding,
  RowParallelLinear,
  VocabParallelEmbedding,
} from "../../src/layers/index.js";
import type { Step, Tensor } from "../../src/ops/index.js";
import { activation, add, clamp, gatedActivation, scale, softcap, tap } from "../../src/ops/index.js";

/** The mistake that models built from now on make; empty: none. */
export const planted = { fault: "" };

/** Whether a mistake is planted. */
const has = (fault: string): boolean => planted.fault === fault;

export const portConfig = {
  architectures: ["PortForCausalLM"],
  model_type: "port",
  dtype: "float32",
  vocab_size: 96,
  hidden_size: 48,
  intermediate_size: 40,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 12,
  max_position_embeddings: 128,
  rope_theta: 20000,
  partial_rotary_factor: 0.6667,
  rms_norm_eps: 1e-5,
  sliding_window: 5,
  clip_qkv: 1.5,
  attention_multiplier: 0.3,
  attn_logit_softcapping: 2.5,
  final_logit_softcapping: 6,
  embedding_multiplier: 3,
  residual_multiplier: 0.4,
  logits_scaling: 5,
};

const config = hfConfig((f) => ({
  hiddenSize: f.int(),
  intermediateSize: f.int(),
  numHiddenLayers: f.int(),
  heads: f.heads(),
  rope: f.rope(),
  vocabSize: f.int(),
  rmsNormEps: f.number(1e-6),
  slidingWindow: f.int(),
  clipQkv: f.number(1),
  attentionMultiplier: f.number(1),
  attnLogitSoftcapping: f.number(1),
  finalLogitSoftcapping: f.number(1),
  embeddingMultiplier: f.number(1),
  residualMultiplier: f.number(1),
  logitsScaling: f.number(1),
}));
type Config = ConfigOf<typeof config>;

/** Layers 0 and 2 see a window, layer 1 everything. */
function windowOf({ slidingWindow }: Config, layer: number): number | undefined {
  if (has("window in the wrong layers")) layer++;
  if (has("window in all layers")) return slidingWindow;
  const isWindow = layer % 2 === 0 && !(has("one layer without window") && layer === 2);
  return isWindow ? slidingWindow + (has("window off by one") ? 1 : 0) : undefined;
}

class PortAttention extends Module<Config> {
  private c = this.config;
  private qkvProj = new QKVParallelLinear(this.at("qkv_proj"), {
    inputSize: this.c.hiddenSize,
    ...this.c.heads,
    bias: !has("bias dropped"),
    ...(has("keys and values exchanged") ? { parts: ["q_proj", "v_proj", "k_proj"] as const } : {}),
  });
  private oProj = new RowParallelLinear(this.at("o_proj"), {
    inputSize: this.c.heads.size,
    outputSize: this.c.hiddenSize,
    transposed: has("weight not transposed"),
  });
  private normOptions = { ...this.c, hiddenSize: this.c.heads.headDim };
  private qNorm = new RMSNorm(this.at("q_norm"), this.normOptions);
  private kNorm = new RMSNorm(this.at("k_norm"), this.normOptions);
  private rotaryEmb = new RotaryEmbedding(
    this.at("rotary_emb"),
    {
      ...this.c.rope,
      ...(has("rotary base") ? { theta: 500000 } : {}),
      ...(has("partial rotary ignored") ? { rotaryDim: 12, frequencyDim: 12 } : {}),
    },
    { style: has("rotary style") ? "gptj" : "neox" },
  );
  private attention: Attention<Config>;

  constructor(prefix: Prefix<Config>, layer: number) {
    super(prefix);
    this.attention = new Attention(this.at("attn"), {
      ...this.c.heads,
      scale: has("attention scale") ? this.c.heads.headDim ** -0.5 : this.c.attentionMultiplier,
      slidingWindow: windowOf(this.c, layer),
      logitSoftcap: has("attention soft cap") ? undefined : this.c.attnLogitSoftcapping,
    });
  }

  forward(positions: Tensor, x: Tensor): Tensor {
    const [q, k, all] = this.qkvProj.forward(x);
    const v = has("values not clipped") ? all : clamp(all, -this.c.clipQkv, this.c.clipQkv);
    const norms = has("norms of queries and keys exchanged") ? [this.kNorm, this.qNorm] : [this.qNorm, this.kNorm];
    const norm = (pair: readonly Tensor[]): [Tensor, Tensor] => [
      norms[0]!.forward(pair[0]!),
      norms[1]!.forward(pair[1]!),
    ];
    let rotated: [Tensor, Tensor];
    if (has("rotary before the head norms")) rotated = norm(this.rotaryEmb.forward(positions, q, k));
    else if (has("no norm of keys")) rotated = this.rotaryEmb.forward(positions, this.qNorm.forward(q), k);
    else if (has("keys not rotated")) {
      const normed = norm([q, k]);
      rotated = [this.rotaryEmb.forward(positions, ...normed)[0], normed[1]];
    } else if (has("no rotary")) rotated = norm([q, k]);
    else rotated = this.rotaryEmb.forward(positions, ...norm([q, k]));
    tap("rotated", rotated[0]);
    return this.oProj.forward(this.attention.forward(...rotated, v));
  }
}

class PortMLP extends Module<Config> {
  private c = this.config;
  private gateUpProj = new MergedColumnParallelLinear(this.at("gate_up_proj"), {
    inputSize: this.c.hiddenSize,
    outputSizes: [this.c.intermediateSize, this.c.intermediateSize],
    ...(has("gate and up exchanged") ? { parts: ["up_proj", "gate_proj"] } : {}),
  });
  private downProj = new RowParallelLinear(this.at("down_proj"), {
    inputSize: this.c.intermediateSize,
    outputSize: this.c.hiddenSize,
  });

  forward(x: Tensor): Tensor {
    const product = this.gateUpProj.forward(x);
    if (has("no gate")) return this.downProj.forward(activation(product.columns(0, this.c.intermediateSize), "silu"));
    return this.downProj.forward(gatedActivation(product, has("activation") ? "gelu_pytorch_tanh" : "silu"));
  }
}

class PortDecoderLayer extends Module<Config> {
  private c = this.config;
  private inputLayernorm = new RMSNorm(this.at("input_layernorm"), {
    ...this.c,
    ...(has("norm weights plus one") ? { weightOffset: 1 } : {}),
    rmsNormEps: has("norm epsilon") ? 1e-3 : this.c.rmsNormEps,
  });
  private selfAttn: PortAttention;
  private postAttentionLayernorm = new RMSNorm(this.at("post_attention_layernorm"), this.c);
  private mlp = new PortMLP(this.at("mlp"));

  private layer: number;

  constructor(prefix: Prefix<Config>, layer: number) {
    super(prefix);
    this.layer = layer;
    this.selfAttn = new PortAttention(this.at("self_attn"), layer);
  }

  forward(positions: Tensor, x: Tensor): Tensor {
    const { residualMultiplier } = this.c;
    const part = (y: Tensor): Tensor => scale(y, has("residual multiplier forgotten") ? 1 : residualMultiplier);
    const h = has("first norm forgotten") ? x : this.inputLayernorm.forward(x);
    const attended = part(this.selfAttn.forward(positions, h));
    const y = has("residual of attention forgotten") ? attended : add(x, attended);
    if (has("parallel blocks")) return add(y, part(this.mlp.forward(this.postAttentionLayernorm.forward(x))));
    if (has("second norm forgotten in layer 1") && this.layer === 1) return add(y, part(this.mlp.forward(y)));
    if (has("norm after the block")) return add(y, part(this.postAttentionLayernorm.forward(this.mlp.forward(y))));
    if (has("residual before the norm")) {
      const normed = this.postAttentionLayernorm.forward(y);
      return add(normed, part(this.mlp.forward(normed)));
    }
    const normed = this.postAttentionLayernorm.forward(y);
    const fed = part(this.mlp.forward(has("mlp twice") ? this.mlp.forward(normed) : normed));
    return has("residual of the mlp forgotten") ? fed : add(y, fed);
  }
}

/** A norm, and what should not be there, under the norm's name. */
class DoubledNorm extends Module<Config> {
  private norm = new LayerNorm(this.prefix, { hiddenSize: this.config.hiddenSize, eps: 1e-5 });

  forward(x: Tensor): Tensor {
    return scale(this.norm.forward(x), 2);
  }
}

class PortModel extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, PortDecoderLayer);
  private norm = has("last norm doubled")
    ? new DoubledNorm(this.at("norm"))
    : new LayerNorm(this.at("norm"), {
        hiddenSize: this.config.hiddenSize,
        eps: 1e-5,
        weightOffset: has("last norm with offset") ? 1 : 0,
      });

  forward({ inputIds, positions, attentionMetadata }: Step): Tensor {
    const factor = has("embedding scale forgotten") ? 1 : this.config.embeddingMultiplier;
    let x = scale(this.embedTokens.forward(inputIds), factor);
    const { slotMapping } = [...attentionMetadata.values()][0]!;
    if (has("slots for positions")) x = add(x, this.embedTokens.forward(slotMapping));
    const layers = has("last layer left out") ? this.layers.slice(0, -1) : this.layers;
    for (const layer of has("layers in the wrong order") ? [layers[1]!, layers[0]!, ...layers.slice(2)] : layers)
      x = layer.forward(positions, x);
    if (has("last norm twice")) x = this.norm.forward(x);
    return has("last norm forgotten") ? x : this.norm.forward(x);
  }
}

export class PortForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  private model = new PortModel(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), {
    ...this.config,
    tieWordEmbeddings: has("head tied"),
    tiedTo: this.model.embedTokens,
  });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    const { logitsScaling, finalLogitSoftcapping } = this.config;
    let logits = this.lmHead.forward(rows);
    if (!has("logit scale forgotten")) logits = scale(logits, 1 / logitsScaling);
    return has("last soft cap forgotten") ? logits : softcap(logits, finalLogitSoftcapping);
  }
}
