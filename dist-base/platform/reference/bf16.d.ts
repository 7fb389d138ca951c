/** bfloat16 bits to numbers and back, for the reference kernels. */
/** Value of bfloat16 bits. */
export declare function fromBf16(value: number): number;
/** Bits of the nearest bfloat16 (ties to even; NaN stays NaN). */
export declare function toBf16(value: number): number;
/** The nearest bfloat16 value. */
export declare function roundToBf16(value: number): number;
