/** Apertus (Swiss AI). Follows HF modeling_apertus.py; strings are checkpoint names. */
import type { ConfigOf } from "quirelm/layers";
import {
  Attention,
  CausalLM,
  ColumnParallelLinear,
  hfConfig,
  Module,
  ParallelLMHead,
  QKVParallelLinear,
  RMSNorm,
  RotaryEmbedding,
  RowParallelLinear,
  VocabParallelEmbedding,
} from "quirelm/layers";
import type { Step, Tensor } from "quirelm/ops";
import { add } from "quirelm/ops";
import { xielu } from "./xielu.js";

const config = hfConfig((f) => ({
  hiddenSize: f.int(),
  intermediateSize: f.int(),
  numHiddenLayers: f.int(),
  heads: f.heads(),
  rope: f.rope({ theta: 12e6 }),
  vocabSize: f.int(),
  hiddenAct: f.oneOf(["xielu"], "xielu"),
  rmsNormEps: f.number(1e-5),
  attentionBias: f.boolean(false),
  tieWordEmbeddings: f.boolean(false),
}));
type Config = ConfigOf<typeof config>;

/** alpha_p and alpha_n are trained; beta and eps are constants, which the checkpoint holds too. */
class XIELU extends Module<Config> {
  private alphaP = this.parameter("alpha_p", [1]);
  private alphaN = this.parameter("alpha_n", [1]);

  forward(x: Tensor): Tensor {
    return xielu(x, this.alphaP, this.alphaN, { beta: 0.5, eps: -1e-6 });
  }
}

class ApertusMLP extends Module<Config> {
  private c = this.config;
  private upProj = new ColumnParallelLinear(this.at("up_proj"), {
    inputSize: this.c.hiddenSize,
    outputSize: this.c.intermediateSize,
  });
  private actFn = new XIELU(this.at("act_fn"));
  private downProj = new RowParallelLinear(this.at("down_proj"), {
    inputSize: this.c.intermediateSize,
    outputSize: this.c.hiddenSize,
  });

  forward(x: Tensor): Tensor {
    return this.downProj.forward(this.actFn.forward(this.upProj.forward(x)));
  }
}

class ApertusAttention extends Module<Config> {
  private c = this.config;
  private headNorm = { hiddenSize: this.c.heads.headDim, rmsNormEps: this.c.rmsNormEps };
  private qkvProj = new QKVParallelLinear(this.at("qkv_proj"), {
    inputSize: this.c.hiddenSize,
    ...this.c.heads,
    bias: this.c.attentionBias,
  });
  private oProj = new RowParallelLinear(this.at("o_proj"), {
    inputSize: this.c.heads.size,
    outputSize: this.c.hiddenSize,
    bias: this.c.attentionBias,
  });
  private qNorm = new RMSNorm(this.at("q_norm"), this.headNorm);
  private kNorm = new RMSNorm(this.at("k_norm"), this.headNorm);
  private rotaryEmb = new RotaryEmbedding(this.at("rotary_emb"), this.c.rope);
  private attention = new Attention(this.at("attn"), { ...this.c.heads, scale: this.c.heads.headDim ** -0.5 });

  forward(positions: Tensor, x: Tensor): Tensor {
    const [q, k, v] = this.qkvProj.forward(x);
    const [qr, kr] = this.rotaryEmb.forward(positions, this.qNorm.forward(q), this.kNorm.forward(k));
    return this.oProj.forward(this.attention.forward(qr, kr, v));
  }
}

class ApertusDecoderLayer extends Module<Config> {
  private attentionLayernorm = new RMSNorm(this.at("attention_layernorm"), this.config);
  private selfAttn = new ApertusAttention(this.at("self_attn"));
  private feedforwardLayernorm = new RMSNorm(this.at("feedforward_layernorm"), this.config);
  private mlp = new ApertusMLP(this.at("mlp"));

  forward(positions: Tensor, x: Tensor): Tensor {
    x = add(x, this.selfAttn.forward(positions, this.attentionLayernorm.forward(x)));
    return add(x, this.mlp.forward(this.feedforwardLayernorm.forward(x)));
  }
}

class ApertusModel extends Module<Config> {
  embedTokens = new VocabParallelEmbedding(this.at("embed_tokens"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, ApertusDecoderLayer);
  private norm = new RMSNorm(this.at("norm"), this.config);

  forward({ inputIds, positions }: Step): Tensor {
    let x = this.embedTokens.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(positions, x);
    return this.norm.forward(x);
  }
}

export class ApertusForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  static readonly ignored = [/\.act_fn\.(beta|eps)$/];
  private model = new ApertusModel(this.at("model"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.model.embedTokens });

  forward(step: Step): Tensor {
    return this.model.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
