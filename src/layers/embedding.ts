/** Token embeddings and the LM head, cut over ranks by vocabulary rows. */
import { embedding } from "../ops/embedding.js";
import { linear } from "../ops/linear.js";
import { scale } from "../ops/scale.js";
import { vocabRange } from "../parallel/sharding.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Tensor } from "../tensor/tensor.js";
import { bf16ToF32, f32ToBf16 } from "../tensor/convert.js";
import { checkNumber, checkSizes } from "./check-options.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";
import { Source } from "./source.js";

interface VocabOptions {
  readonly vocabSize: number;
  readonly hiddenSize: number;
}

function declareVocabWeight(prefix: Prefix, { vocabSize, hiddenSize }: VocabOptions): Parameter {
  const { context, name } = prefix;
  checkSizes(prefix, { vocabSize, hiddenSize });
  const { start, count, used } = vocabRange(vocabSize, context.parallel);
  const source = new Source(`${name}.weight`, [vocabSize, hiddenSize]);
  return context.parameters.declare({
    name: `${name}.weight`,
    shape: [count, hiddenSize],
    dtype: context.dtype,
    layout: "matrix",
    parts: used > 0 ? [{ source: source.rows(start, used), rowStart: 0, rowCount: used }] : [],
  });
}

function declareVocabBias({ context, name }: Prefix, vocabSize: number): Parameter {
  const { start, count, used } = vocabRange(vocabSize, context.parallel);
  const source = new Source(`${name}.bias`, [vocabSize]);
  return context.parameters.declare({
    name: `${name}.bias`,
    shape: [count],
    dtype: "f32",
    layout: "rowMajor",
    parts: used > 0 ? [{ source: source.rows(start, used), rowStart: 0, rowCount: used }] : [],
  });
}

/** `value` as an element of dtype. */
function rounded(value: number, dtype: "f32" | "bf16"): number {
  const f32 = Float32Array.of(value);
  if (dtype === "f32") return f32[0]!;
  const bits = new Uint16Array(1);
  f32ToBf16(f32, bits);
  bf16ToF32(bits, f32);
  return f32[0]!;
}

/**
 * Token embeddings; ids of other ranks give zeros. `embedScale` is a factor of all rows that a model keeps in its own dtype
 * (Gemma: the root of hiddenSize, 55.5 for 3072 in bf16); the head that is tied to this layer does not have it.
 */
export class VocabParallelEmbedding<C> extends Module<C> {
  readonly weight: Parameter;
  private readonly rowStart: number;
  private readonly embedScale: number | undefined;

  constructor(prefix: Prefix<C>, options: VocabOptions & { embedScale?: number }) {
    super(prefix);
    this.weight = declareVocabWeight(prefix, options);
    this.rowStart = vocabRange(options.vocabSize, prefix.context.parallel).start;
    if (options.embedScale === undefined) return;
    checkNumber(prefix, "embedScale", options.embedScale);
    this.embedScale = rounded(options.embedScale, prefix.context.dtype);
  }

  /** ids [numTokens] i32 -> [numTokens, hiddenSize] f32 */
  forward(ids: Tensor): Tensor {
    const rows = embedding(ids, this.weight, this.rowStart);
    return this.embedScale === undefined ? rows : scale(rows, this.embedScale);
  }
}

/** An embedding table that every rank holds whole, such as learned positions. */
export class Embedding<C> extends Module<C> {
  private readonly weight: Parameter;
  private readonly offset: number;

  /** `offset` is added to every id: OPT's positions begin at row 2. */
  constructor(
    prefix: Prefix<C>,
    { numEmbeddings, embeddingDim, offset = 0 }: { numEmbeddings: number; embeddingDim: number; offset?: number },
  ) {
    super(prefix);
    checkSizes(prefix, { numEmbeddings, embeddingDim });
    this.offset = offset;
    this.weight = prefix.context.parameters.declare({
      name: `${prefix.name}.weight`,
      shape: [numEmbeddings, embeddingDim],
      dtype: prefix.context.dtype,
      layout: "matrix",
      parts: [
        {
          source: new Source(`${prefix.name}.weight`, [numEmbeddings, embeddingDim]),
          rowStart: 0,
          rowCount: numEmbeddings,
        },
      ],
    });
  }

  /** ids [numTokens] i32 -> [numTokens, embeddingDim] f32 */
  forward(ids: Tensor): Tensor {
    return embedding(ids, this.weight, -this.offset);
  }
}

/**
 * The product that makes logits. With `tieWordEmbeddings` and `tiedTo` it uses that embedding's matrix and the checkpoint needs
 * no `lm_head.weight`.
 */
export class ParallelLMHead<C> extends Module<C> {
  private readonly weight: Parameter;
  private readonly bias: Parameter | undefined;

  constructor(
    prefix: Prefix<C>,
    options: VocabOptions & { bias?: boolean; tieWordEmbeddings?: boolean; tiedTo?: VocabParallelEmbedding<C> },
  ) {
    super(prefix);
    this.weight =
      options.tieWordEmbeddings && options.tiedTo ? options.tiedTo.weight : declareVocabWeight(prefix, options);
    this.bias = options.bias ? declareVocabBias(prefix, options.vocabSize) : undefined;
  }

  /** rows [numRows, hiddenSize] f32 -> logits of this rank's vocabulary, [numRows, vocabSize / worldSize] f32 */
  forward(rows: Tensor): Tensor {
    return linear(rows, this.weight, this.bias);
  }
}
