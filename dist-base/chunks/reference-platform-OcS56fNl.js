import { r as f16Values } from "./convert-ByzURpcE.js";
import { t as dtypeBytes } from "./dtype-BiNtEOSC.js";
import { u as UnsupportedError } from "./errors-CjlPyKrT.js";
import { a as toBf16, i as fromBf16, n as ReferenceMemory, r as elements, t as referenceKernels } from "./kernels-BKwxRX9E.js";
import { t as plainBlockBytes } from "./block-bytes-BFaUlwWO.js";
import { n as runCustomOp, r as spanOf, t as denseCopy } from "./custom-op-BKNMy4VR.js";
// src/platform/reference/reference-platform.ts
/** The reference platform: interprets recorded programs in plain TypeScript, unfused. It is the specification. */
var ReferencePlatform = class {
	name = "reference";
	description = "reference (plain TypeScript, one thread; slow, for checking)";
	memory = new ReferenceMemory();
	get allocatedBytes() {
		return this.memory.allocatedBytes;
	}
	allocate(bytes, label) {
		return this.memory.allocate(bytes, label);
	}
	free(address) {
		this.memory.free(address);
	}
	write(address, bytes) {
		this.memory.bytes(address, bytes.byteLength).set(bytes);
	}
	read(address, target) {
		target.set(this.memory.bytes(address, target.byteLength));
	}
	matrixBytes(rows, columns, dtype) {
		return rows * columns * dtypeBytes[dtype];
	}
	writeMatrixRows(matrix, rowStart, numRows, source, sourceDtype) {
		const count = numRows * matrix.columns;
		const rowBytes = matrix.columns * dtypeBytes[matrix.dtype];
		const target = elements(this.memory.bytes(matrix.address + rowStart * rowBytes, numRows * rowBytes), matrix.dtype);
		const aligned = source.byteOffset % 8 === 0 ? source : source.slice();
		const values = elements(aligned.subarray(0, count * dtypeBytes[sourceDtype]), sourceDtype);
		if (sourceDtype === matrix.dtype) return target.set(values);
		const load = loaderOf(sourceDtype);
		const store = matrix.dtype === "bf16" ? toBf16 : (value) => value;
		for (let i = 0; i < count; i++) target[i] = store(load(values[i]));
	}
	readMatrixRows(matrix, rowStart, numRows) {
		const rowBytes = matrix.columns * dtypeBytes[matrix.dtype];
		const values = elements(this.memory.bytes(matrix.address + rowStart * rowBytes, numRows * rowBytes), matrix.dtype);
		return Float32Array.from(values, (value) => matrix.dtype === "bf16" ? fromBf16(value) : value);
	}
	kvCacheBlockBytes(spec) {
		return plainBlockBytes(spec);
	}
	compile(program) {
		for (const { op, scope, custom } of program.records) if (!custom && !referenceKernels[op]) throw new UnsupportedError(`program "${program.label}", op ${op} in ${scope}: the reference platform has no kernel for it`);
		const ops = program.records.map((record) => ({
			kernel: record.op,
			records: [record]
		}));
		return {
			label: program.label,
			ops,
			workspaceBytes: 0,
			dispose: () => void 0
		};
	}
	run(programs) {
		return this.trace(programs);
	}
	/** Yields to the event loop between ops, as it computes on it. */
	async trace(programs) {
		const startMs = performance.now();
		const spans = [];
		for (const { ops } of programs) {
			const values = /* @__PURE__ */ new Map();
			for (const { records } of ops) {
				spans.push((performance.now() - startMs) * 1e6);
				for (const record of records) this.runRecord(record, values);
				spans.push((performance.now() - startMs) * 1e6);
				await new Promise((resolve) => setImmediate(resolve));
			}
		}
		return {
			startMs,
			endMs: performance.now(),
			threads: 1,
			spans: Float64Array.from(spans)
		};
	}
	dispose() {
		this.memory.clear();
	}
	runRecord(record, values) {
		const { op, inputs, outputs, attributes, custom } = record;
		const arrayOf = (tensor) => {
			const { data, offset } = this.view(tensor, values);
			return data.subarray(offset, offset + spanOf(tensor));
		};
		if (custom) return runCustomOp(record, (tensor) => denseCopy(arrayOf(tensor), tensor), (tensor, data) => arrayOf(tensor).set(data));
		referenceKernels[op]({
			inputs: inputs.map((tensor) => this.view(tensor, values)),
			outputs: outputs.map((tensor) => this.view(tensor, values)),
			number: (name) => Number(attributes[name]),
			text: (name) => String(attributes[name])
		});
	}
	view(tensor, values) {
		const { storage, shape, strides, offset, dtype } = tensor;
		let bytes = values.get(storage.id);
		if (!bytes) {
			bytes = storage.address === void 0 ? new Uint8Array(storage.bytes) : this.memory.bytes(storage.address, storage.bytes);
			values.set(storage.id, bytes);
		}
		return {
			tensor,
			shape,
			strides,
			offset,
			data: elements(bytes, dtype)
		};
	}
};
/** From an element of a typed array, raw bits for 16-bit floats, to its value. */
function loaderOf(dtype) {
	if (dtype === "bf16") return fromBf16;
	if (dtype !== "f16") return (value) => value;
	const values = f16Values();
	return (bits) => values[bits];
}
export { ReferencePlatform };
