/** What a published scheme tells about a checkpoint: which matrices are stored quantized, how to get their values, and what becomes of activations. */
import type { TensorInfo } from "../checkpoint/tensor-source.js";
import type { Shape } from "../tensor/shape.js";
import type { ActivationRule } from "./activation-rule.js";

/** All bytes of one of the checkpoint's tensors. */
export type ReadTensor = (tensor: TensorInfo) => Uint8Array;

/** Some rows of a matrix's values, as f32. */
export interface RowReader {
  /** Writes rows [start, start + count), row-major, to the start of `out`. */
  read(start: number, count: number, out: Float32Array): void;
}

/** A tensor that the checkpoint stores as several others: what they stand for, as if it were stored in f32. */
export interface QuantizedTensor {
  /** `model.layers.0.self_attn.q_proj.weight` */
  readonly name: string;
  readonly shape: Shape;
  /** The tensors that it is stored as. */
  readonly parts: readonly TensorInfo[];
  /** Rows (all but the last dimension counted as one) that are best read together; default: any number. */
  readonly rowsTogether?: number;
  /**
   * Reads the parts.
   * @throws CheckpointError if values are such that nothing can be multiplied with them (NaN, a scale of 0)
   */
  open(read: ReadTensor): RowReader;
  /** What becomes of the input of this matrix's products; undefined: nothing. */
  readonly activation?: ActivationRule | undefined;
}

/** One published way to store quantized weights. */
export interface CheckpointScheme {
  /** `quant_method` of config.json. */
  readonly name: string;
  /**
   * The matrices that are stored quantized.
   * @param read for small tensors that say how others are stored
   * @throws CheckpointError listing tensors that are missing, misshapen or of a wrong type
   */
  find(tensors: ReadonlyMap<string, TensorInfo>, read: ReadTensor): QuantizedTensor[];
  /** Tensors that are left out: of no use to Quire. */
  readonly ignored?: readonly RegExp[];
}
