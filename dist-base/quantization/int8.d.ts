/** Online int8, weight-only: one scale per output channel, chosen while loading a plain checkpoint. */
import type { LinearMethod } from "../layers/linear-method.js";
/** scale = max |w| / 127 per row, values rounded to nearest (halves up). A row of zeros has scale 0. */
export declare function quantizeRows(rows: Float32Array, columns: number): {
    values: Int8Array;
    scales: Float32Array;
};
/** `--quantization int8`: a quarter of f32's bytes, half of bf16's. Activations stay as the model's dtype has them. */
export declare const int8: LinearMethod;
