/** 16 bytes (scale low nibble, min high nibble), 64 bytes of 2-bit quants, d and dmin f16: d * scale * quant - dmin * min. */
export declare function dequantizeQ2K(bytes: Uint8Array, out: Float32Array, blocks: number): void;
/** 32 bytes of third bits, 64 bytes of 2-bit quants, 12 bytes of 6-bit scales, d f16: d * (scale - 32) * (quant - 4). */
export declare function dequantizeQ3K(bytes: Uint8Array, out: Float32Array, blocks: number): void;
/** d and dmin f16, 12 bytes of scales and minima, 128 bytes of nibbles: d * scale * quant - dmin * min. */
export declare function dequantizeQ4K(bytes: Uint8Array, out: Float32Array, blocks: number): void;
/** As Q4_K, with 32 bytes of fifth bits before the nibbles. */
export declare function dequantizeQ5K(bytes: Uint8Array, out: Float32Array, blocks: number): void;
/** 128 bytes of nibbles, 64 bytes of upper 2 bits, 16 signed scales, d f16: d * scale * (quant - 32). */
export declare function dequantizeQ6K(bytes: Uint8Array, out: Float32Array, blocks: number): void;
