import { t as messageOf } from "./text-eUgHTlLT.js";
import { n as runCustomOp, r as spanOf, t as denseCopy } from "./custom-op-BKNMy4VR.js";
import { n as isNative } from "./cpu-program-DmTjRr7-.js";
// src/platform/cpu/host-piece.ts
/** Runs programs that have ops in TypeScript: native runs, and between them the references of ops from outside. */
/**
* Runs pieces in order.
* @param runNatives runs neighbouring native pieces in one go
* @param workspace  what offsets count from
* @throws QuireError naming the op when a reference throws
*/
async function runPieces(pieces, memory, workspace, runNatives, threads) {
	const startMs = performance.now();
	const runs = [];
	for (let i = 0; i < pieces.length;) {
		const one = pieces[i];
		if (!isNative(one)) {
			const { program, piece } = one;
			const from = performance.now();
			try {
				runHostPiece(piece, memory, workspace);
			} catch (cause) {
				throw program.errorOf(piece.firstOp, messageOf(cause), cause);
			}
			runs.push({
				numOps: 1,
				trace: hostTrace(from, performance.now(), threads)
			});
			i++;
			continue;
		}
		const natives = [];
		let numOps = 0;
		for (; i < pieces.length && isNative(pieces[i]); i++) {
			natives.push(pieces[i]);
			numOps += opsOf(pieces[i]);
		}
		runs.push({
			numOps,
			trace: await runNatives(natives)
		});
	}
	return {
		startMs,
		endMs: performance.now(),
		threads,
		spans: joinSpans(runs, startMs, threads)
	};
}
/** Number of ops of a piece. */
function opsOf({ program, piece }) {
	return (program.pieces.find(({ firstOp }) => firstOp > piece.firstOp)?.firstOp ?? program.ops.length) - piece.firstOp;
}
function runHostPiece({ host, placeOf }, memory, workspace) {
	const addressOf = (tensor) => {
		const { address, isOffset } = placeOf(tensor.storage);
		return address + (isOffset ? workspace : 0) + 4 * tensor.offset;
	};
	const read = (tensor) => {
		const length = spanOf(tensor);
		const data = tensor.dtype === "i32" ? new Int32Array(length) : new Float32Array(length);
		memory.read(addressOf(tensor), new Uint8Array(data.buffer));
		return denseCopy(data, tensor);
	};
	runCustomOp(host.records[0], read, (tensor, data) => memory.write(addressOf(tensor), new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
}
/** One op, on the first thread's row: the other threads wait. */
function hostTrace(startMs, endMs, threads) {
	const spans = new Float64Array(2 * threads).fill(-1);
	spans[0] = 0;
	spans[1] = (endMs - startMs) * 1e6;
	return {
		startMs,
		endMs,
		threads,
		spans
	};
}
/** Spans of several runs as those of one; empty when nothing was measured. */
function joinSpans(runs, startMs, threads) {
	if (runs.some(({ numOps, trace }) => trace.spans.length !== 2 * threads * numOps)) return /* @__PURE__ */ new Float64Array(0);
	const total = runs.reduce((sum, { numOps }) => sum + numOps, 0);
	const joined = new Float64Array(2 * threads * total);
	let first = 0;
	for (const { numOps, trace } of runs) {
		const offset = (trace.startMs - startMs) * 1e6;
		for (let thread = 0; thread < threads; thread++) for (let i = 0; i < 2 * numOps; i++) {
			const time = trace.spans[2 * thread * numOps + i];
			joined[2 * (thread * total + first) + i] = time < 0 ? time : time + offset;
		}
		first += numOps;
	}
	return joined;
}
export { runPieces };
