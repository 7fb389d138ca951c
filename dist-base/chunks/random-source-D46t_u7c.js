// src/tools/bench/random-source.ts
/** A seeded generator of random numbers, so that a benchmark's work is the same every time. */
/**
* sfc32 (Chris Doty-Humphrey, PractRand): 32 bits a draw, period about 2^127. The state is filled from the seeds by
* splitmix32, so close seeds give unrelated numbers.
*/
var RandomSource = class {
	#a;
	#b;
	#c;
	#counter = 1;
	/** @param seeds integers; each list of them has its own sequence */
	constructor(...seeds) {
		let state = 2654435769;
		const fill = () => {
			state = state + 2654435769 | 0;
			let x = Math.imul(state ^ state >>> 16, 569420461);
			x = Math.imul(x ^ x >>> 15, 1935289751);
			return x ^ x >>> 15;
		};
		for (const seed of seeds) {
			state ^= Math.floor(seed) | 0;
			state = fill() ^ Math.floor(seed / 2 ** 32);
		}
		[this.#a, this.#b, this.#c] = [
			fill(),
			fill(),
			fill()
		];
		for (let i = 0; i < 12; i++) this.#bits();
	}
	/** [0, 1), 32 bits of it. */
	next() {
		return this.#bits() / 2 ** 32;
	}
	/** An integer of [low, high]. */
	integer(low, high) {
		return low + Math.floor(this.next() * (high - low + 1));
	}
	/** A draw of the gamma distribution with scale 1 (Marsaglia and Tsang 2000). `shape` 1 is the exponential one. */
	gamma(shape) {
		if (shape < 1) return this.gamma(shape + 1) * (1 - this.next()) ** (1 / shape);
		const d = shape - 1 / 3;
		const c = 1 / Math.sqrt(9 * d);
		for (;;) {
			const x = this.#normal();
			const v = (1 + c * x) ** 3;
			if (v > 0 && Math.log(1 - this.next()) < .5 * x * x + d - d * v + d * Math.log(v)) return d * v;
		}
	}
	/** The list in a new order (Fisher-Yates). */
	shuffle(list) {
		const out = [...list];
		for (let i = out.length - 1; i > 0; i--) {
			const j = this.integer(0, i);
			[out[i], out[j]] = [out[j], out[i]];
		}
		return out;
	}
	#normal() {
		return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
	}
	#bits() {
		const sum = this.#a + this.#b + this.#counter++ | 0;
		this.#a = this.#b ^ this.#b >>> 9;
		this.#b = this.#c + (this.#c << 3) | 0;
		this.#c = (this.#c << 21 | this.#c >>> 11) + sum | 0;
		return sum >>> 0;
	}
};
export { RandomSource as t };
