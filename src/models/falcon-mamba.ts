/** FalconMamba: Mamba with norms of time step, B and C. Follows HF modeling_falcon_mamba.py; strings are checkpoint names. */
import type { ConfigOf } from "../config/hf-config.js";
import { hfConfig } from "../config/hf-config.js";
import { mambaSizes } from "../config/hf-mamba.js";
import { CausalLM } from "../layers/causal-lm.js";
import { ParallelLMHead, VocabParallelEmbedding } from "../layers/embedding.js";
import { MambaMixer } from "../layers/mamba-mixer.js";
import { Module } from "../layers/module.js";
import { RMSNorm } from "../layers/norm.js";
import { activationKinds } from "../ops/activation.js";
import { add } from "../ops/add.js";
import type { Step } from "../ops/step.js";
import type { Tensor } from "../tensor/tensor.js";

export const config = hfConfig((f) => ({
  hiddenSize: f.int(),
  numHiddenLayers: f.int(),
  vocabSize: f.int(),
  sizes: mambaSizes,
  stateSize: f.int(16),
  convKernel: f.int(4),
  useBias: f.boolean(false),
  useConvBias: f.boolean(true),
  hiddenAct: f.oneOf(activationKinds, "silu"),
  rmsNormEps: f.number(1e-5, { from: "layer_norm_epsilon" }),
  mixerRmsEps: f.number(1e-6),
  tieWordEmbeddings: f.boolean(true),
}));
type Config = ConfigOf<typeof config>;

/** The residual stream is f32 whatever residual_in_fp32 says. */
class FalconMambaBlock extends Module<Config> {
  private norm = new RMSNorm(this.at("norm"), this.config);
  private mixer = new MambaMixer(this.at("mixer"), { ...this.config, ...this.config.sizes });

  forward(x: Tensor): Tensor {
    return add(x, this.mixer.forward(this.norm.forward(x)));
  }
}

class FalconMambaModel extends Module<Config> {
  embeddings = new VocabParallelEmbedding(this.at("embeddings"), this.config);
  private layers = this.list("layers", this.config.numHiddenLayers, FalconMambaBlock);
  private normF = new RMSNorm(this.at("norm_f"), this.config);

  forward({ inputIds }: Step): Tensor {
    let x = this.embeddings.forward(inputIds);
    for (const layer of this.layers) x = layer.forward(x);
    return this.normF.forward(x);
  }
}

export class FalconMambaForCausalLM extends CausalLM<Config> {
  static readonly config = config;
  /** Older checkpoints have the singular. */
  static readonly renames = [[/^backbone\.embedding\./, "backbone.embeddings."]] as const;
  private backbone = new FalconMambaModel(this.at("backbone"));
  private lmHead = new ParallelLMHead(this.at("lm_head"), { ...this.config, tiedTo: this.backbone.embeddings });

  forward(step: Step): Tensor {
    return this.backbone.forward(step);
  }

  computeLogits(rows: Tensor): Tensor {
    return this.lmHead.forward(rows);
  }
}
