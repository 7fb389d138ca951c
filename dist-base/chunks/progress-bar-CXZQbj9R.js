// src/cli/progress-bar.ts
/** Progress on standard error: a bar in a terminal, a few lines elsewhere. */
const WIDTH = 24;
const REDRAW_MS = 80;
var ProgressBar = class {
	#out;
	#isTerminal;
	#drawnAt = 0;
	#isDrawn = false;
	#quarter = /* @__PURE__ */ new Map();
	constructor(out = process.stderr) {
		this.#out = out;
		this.#isTerminal = out.isTTY === true;
	}
	/** @param share 0 to 1; in a terminal redrawn a few times a second, elsewhere a line each quarter */
	update(label, share, detail) {
		const bounded = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0));
		const percent = `${Math.floor(bounded * 100)}%`;
		if (!this.#isTerminal) {
			const quarter = Math.floor(bounded * 4);
			if (quarter === this.#quarter.get(label)) return;
			this.#quarter.set(label, quarter);
			this.#out.write(`${label}: ${percent} ${detail}`.trimEnd() + "\n");
			return;
		}
		const now = performance.now();
		if (bounded < 1 && now - this.#drawnAt < REDRAW_MS) return;
		this.#drawnAt = now;
		const full = Math.round(bounded * WIDTH);
		const line = `${label} ${"█".repeat(full) + "░".repeat(WIDTH - full)} ${percent} ${detail}`.slice(0, (this.#out.columns ?? 80) - 1);
		this.#out.write(`\r\x1b[2K${line}`);
		this.#isDrawn = true;
	}
	/** A line of its own, with the bar out of the way. */
	line(text) {
		this.clear();
		this.#out.write(`${text}\n`);
	}
	/** Removes the bar. */
	clear() {
		if (this.#isDrawn) this.#out.write("\r\x1B[2K");
		this.#isDrawn = false;
	}
};
export { ProgressBar as t };
