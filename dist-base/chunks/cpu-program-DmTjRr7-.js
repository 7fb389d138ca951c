import { t as formatShape } from "./shape-fqbSRAhU.js";
import { o as QuireError } from "./errors-CjlPyKrT.js";
// src/platform/cpu/cpu-program.ts
/** A program that was lowered for the CPU: native pieces, and between them the ops that run as TypeScript. */
var CpuProgram = class {
	label;
	workspaceBytes;
	ops;
	platform;
	/** undefined once disposed */
	pieces;
	/** The error of a failed record; without one it is told from the record. */
	failure;
	constructor(platform, label, ops, workspaceBytes, pieces) {
		this.platform = platform;
		this.label = label;
		this.ops = ops;
		this.workspaceBytes = workspaceBytes;
		this.pieces = pieces;
	}
	dispose() {
		this.pieces = void 0;
	}
	/** The error of op `i`. */
	errorOf(i, message, cause) {
		if (this.failure) return this.failure(i, message);
		const record = this.ops[i].records.at(-1);
		const shapes = record.inputs.map((tensor) => `${tensor.dtype}${formatShape(tensor.shape)}`).join(", ");
		const where = `program "${this.label}", op ${record.op}(${shapes}) in ${record.scope || "the program itself"}`;
		return new QuireError("KERNEL", `${where}: ${message}`, { cause });
	}
};
function isNative(one) {
	return "native" in one.piece;
}
export { isNative as n, CpuProgram as t };
