/** llama.cpp's tensor names to Hugging Face's. */

/** Stems (names less ".weight" or ".bias") of llama.cpp to those of Hugging Face; `{}` stands for the layer's number. */
export type GgufNameTable = Readonly<Record<string, string>>;

/** A decoder of Llama's form: pre-norm, separate q, k and v, gated MLP. */
export const decoderNames: GgufNameTable = {
  token_embd: "model.embed_tokens",
  output_norm: "model.norm",
  output: "lm_head",
  "blk.{}.attn_norm": "model.layers.{}.input_layernorm",
  "blk.{}.attn_q": "model.layers.{}.self_attn.q_proj",
  "blk.{}.attn_k": "model.layers.{}.self_attn.k_proj",
  "blk.{}.attn_v": "model.layers.{}.self_attn.v_proj",
  "blk.{}.attn_output": "model.layers.{}.self_attn.o_proj",
  "blk.{}.ffn_norm": "model.layers.{}.post_attention_layernorm",
  "blk.{}.ffn_gate": "model.layers.{}.mlp.gate_proj",
  "blk.{}.ffn_up": "model.layers.{}.mlp.up_proj",
  "blk.{}.ffn_down": "model.layers.{}.mlp.down_proj",
};

/** "blk.3.attn_q.weight" in its parts: stem "blk.{}.attn_q", layer "3", suffix ".weight". */
export function splitGgufName(name: string): { stem: string; layer: string | undefined; suffix: string } {
  const [, head, layer, tail, suffix] = /^(?:(blk)\.(\d+)\.)?(.*?)(\.weight|\.bias)?$/s.exec(name)!;
  return { stem: head === undefined ? tail! : `blk.{}.${tail}`, layer, suffix: suffix ?? "" };
}

/** The Hugging Face name, or the name itself where the table has none, so that it is reported as unexpected under its own name. */
export function huggingFaceName(table: GgufNameTable, name: string): string {
  const { stem, layer, suffix } = splitGgufName(name);
  const target = Object.hasOwn(table, stem) ? table[stem]! : undefined;
  return target === undefined ? name : target.replace("{}", layer ?? "") + suffix;
}
