/** The value of every float16, indexed by its bits; made on first use (256 KiB). Do not write to it. */
export declare function f16Values(): Float32Array;
/** Widens float16 bits to float32. `target` is at least as long as `source`. @throws ShapeError if it is not */
export declare function f16ToF32(source: Uint16Array, target: Float32Array): void;
/** Widens bfloat16 bits to float32, NaN payloads kept. @throws ShapeError if `target` is shorter than `source` */
export declare function bf16ToF32(source: Uint16Array, target: Float32Array): void;
/** Rounds float32 to bfloat16 bits; too large values become infinite, NaN stays a quiet NaN. @throws ShapeError if `target` is shorter */
export declare function f32ToBf16(source: Float32Array, target: Uint16Array): void;
/** Rounds float32 to float16 bits; from 65520 on values become infinite, NaN stays a quiet NaN. @throws ShapeError if `target` is shorter */
export declare function f32ToF16(source: Float32Array, target: Uint16Array): void;
