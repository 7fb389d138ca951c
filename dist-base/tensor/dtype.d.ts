/** Element types, as names and sizes. Values live in platform memory; nothing here touches them. */
export type DType = "f32" | "f16" | "bf16" | "f64" | "i64" | "i32" | "i16" | "i8" | "u8" | "bool" | "f8_e4m3" | "f8_e5m2";
/** Bytes of one element. */
export declare const dtypeBytes: Readonly<Record<DType, number>>;
