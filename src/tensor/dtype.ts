/** Element types, as names and sizes. Values live in platform memory; nothing here touches them. */
export type DType =
  "f32" | "f16" | "bf16" | "f64" | "i64" | "i32" | "i16" | "i8" | "u8" | "bool" | "f8_e4m3" | "f8_e5m2";

/** Bytes of one element. */
export const dtypeBytes: Readonly<Record<DType, number>> = {
  f64: 8,
  i64: 8,
  f32: 4,
  i32: 4,
  f16: 2,
  bf16: 2,
  i16: 2,
  i8: 1,
  u8: 1,
  bool: 1,
  f8_e4m3: 1,
  f8_e5m2: 1,
};
