// src/tensor/dtype.ts
/** Bytes of one element. */
const dtypeBytes = {
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
	f8_e5m2: 1
};
export { dtypeBytes as t };
