// src/engine/step-times.ts
/** StepTimes: how long the last steps took, and how much of that the native programs ran. */
/** Steps that are looked back on. */
const CAPACITY = 256;
/** A ring of the last steps; adding one costs next to nothing. */
var StepTimes = class {
	#wall = new Float64Array(CAPACITY);
	#native = new Float64Array(CAPACITY);
	#added = 0;
	add(wallMs, nativeMs) {
		const at = this.#added++ % CAPACITY;
		this.#wall[at] = wallMs;
		this.#native[at] = nativeMs;
	}
	/** @param lastSteps of so many steps at most */
	recent(lastSteps = CAPACITY) {
		const count = Math.max(0, Math.min(lastSteps, this.#added, CAPACITY));
		const at = (i) => (this.#added - count + i) % CAPACITY;
		const wall = new Float64Array(count).map((_, i) => this.#wall[at(i)]);
		const native = new Float64Array(count).map((_, i) => this.#native[at(i)]);
		const outside = wall.map((value, i) => value - native[i]);
		return {
			count,
			wallMs: median(wall),
			nativeMs: median(native),
			outsideMs: median(outside)
		};
	}
};
/** Sorts in place. */
function median(values) {
	values.sort();
	const middle = values.length >> 1;
	if (values.length % 2 === 1) return values[middle];
	return values.length === 0 ? 0 : (values[middle - 1] + values[middle]) / 2;
}
export { StepTimes as t };
