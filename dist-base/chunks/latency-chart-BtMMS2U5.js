// src/tools/bench/latency-chart.ts
const PANEL = {
	width: 400,
	height: 300,
	left: 64,
	top: 66,
	gap: 84,
	right: 28,
	bottom: 76
};
const WIDTH = PANEL.left + 2 * PANEL.width + PANEL.gap + PANEL.right;
const HEIGHT = PANEL.top + PANEL.height + PANEL.bottom;
const STYLE = `
  :root { color-scheme: light dark; }
  .page { fill: #ffffff; } .grid { stroke: #e2e5ea; } .axis { stroke: #8a919c; } text { fill: #2b313b; }
  .quiet { fill: #667080; } .line { stroke: #2563c9; fill: none; stroke-width: 2; }
  .point { fill: #2563c9; stroke: #ffffff; stroke-width: 1.5; } .label { font-weight: 600; paint-order: stroke; stroke: #ffffff; stroke-width: 3; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #14181f; } .grid { stroke: #2a313c; } .axis { stroke: #6d7684; } text { fill: #dfe4ec; }
    .quiet { fill: #98a2b3; } .line { stroke: #6ea8ff; } .point { fill: #6ea8ff; stroke: #14181f; } .label { stroke: #14181f; }
  }`;
/**
* Both panels have output tokens a second upwards; to the right the median time per output token, and the median time to the first
* token. Up and to the left is better. Points are joined in the order given and named by their labels.
*/
function latencyChart(title, subtitle, points) {
	const rightPanel = PANEL.left + PANEL.width + PANEL.gap;
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="12" role="img">`,
		`<title>${escape(title)}</title>`,
		`<style>${STYLE}\n</style>`,
		`<rect class="page" width="${WIDTH}" height="${HEIGHT}"/>`,
		`<text x="20" y="28" font-size="16" font-weight="600">${escape(title)}</text>`,
		`<text x="20" y="47" class="quiet">${escape(subtitle)}</text>`,
		panel(PANEL.left, "time per output token (TPOT), median", points, (point) => point.tpotMs),
		panel(rightPanel, "time to first token (TTFT), median", points, (point) => point.ttftMs),
		`<text x="20" y="${HEIGHT - 10}" class="quiet">Points are named by the requests open at once. Up and to the left is better.</text>`,
		"</svg>",
		""
	].join("\n");
}
function panel(left, name, points, latency) {
	const shown = points.filter((point) => latency(point) !== void 0);
	const largest = Math.max(0, ...shown.map((point) => latency(point)));
	const isSeconds = largest >= 2e3;
	const xs = axis(isSeconds ? largest / 1e3 : largest);
	const ys = axis(Math.max(0, ...shown.map((point) => point.throughput)));
	const bottom = PANEL.top + PANEL.height;
	const x = (value) => left + value / xs.end * PANEL.width;
	const y = (value) => bottom - value / ys.end * PANEL.height;
	const places = shown.map((point) => ({
		x: x(latency(point) / (isSeconds ? 1e3 : 1)),
		y: y(point.throughput),
		label: point.label
	}));
	const line = places.map((place, i) => `${i === 0 ? "M" : "L"}${at(place.x)} ${at(place.y)}`).join(" ");
	return [
		...xs.ticks.map((tick) => tickLine(x(tick), bottom, 0, -PANEL.height, tick, "middle", 0, 18, xs.step)),
		...ys.ticks.map((tick) => tickLine(left, y(tick), PANEL.width, 0, tick, "end", -8, 4, ys.step)),
		`<path class="axis" fill="none" d="M${left} ${PANEL.top} V${bottom} H${left + PANEL.width}"/>`,
		`<text x="${left + PANEL.width / 2}" y="${bottom + 38}" text-anchor="middle">${name} [${isSeconds ? "s" : "ms"}]</text>`,
		`<text transform="translate(${left - 46} ${PANEL.top + PANEL.height / 2}) rotate(-90)" text-anchor="middle">output [tokens/s]</text>`,
		...places.length > 1 ? [`<path class="line" d="${line}"/>`] : [],
		...places.map((place) => `<circle class="point" cx="${at(place.x)}" cy="${at(place.y)}" r="4.5"/>`),
		...places.map((place, i) => pointLabel(place, places[i - 1], left))
	].join("\n");
}
/** Away from the line that comes to the point: to the upper left where it rises, else to the upper right. */
function pointLabel(place, before, left) {
	const isRight = before !== void 0 && before.y < place.y || place.x - left < 30;
	const dx = isRight ? 8 : -8;
	const anchor = isRight ? "start" : "end";
	return `<text class="label" x="${at(place.x + dx)}" y="${at(place.y - 8)}" text-anchor="${anchor}">${escape(place.label)}</text>`;
}
function tickLine(x, y, dx, dy, value, anchor, textX, textY, step) {
	const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
	return `<path class="grid" d="M${at(x)} ${at(y)} l${dx} ${dy}"/><text class="quiet" x="${at(x + textX)}" y="${at(y + textY)}" text-anchor="${anchor}">${value.toFixed(digits)}</text>`;
}
/** An axis from 0 to a little more than the largest value, with four to ten steps at round numbers. */
function axis(largest) {
	const wanted = Number.isFinite(largest) && largest > 0 ? largest * 1.05 : 1;
	const power = 10 ** Math.floor(Math.log10(wanted / 4));
	const step = [
		5,
		2,
		1
	].map((factor) => factor * power).find((size) => wanted / size >= 4) ?? power;
	const count = Math.ceil(wanted / step - 1e-9);
	return {
		end: count * step,
		step,
		ticks: Array.from({ length: count + 1 }, (_, i) => i * step)
	};
}
function at(value) {
	return String(Number(value.toFixed(1)));
}
function escape(text) {
	return text.replace(/[&<>"]/g, (c) => ({
		"&": "&amp;",
		"<": "&lt;",
		">": "&gt;",
		"\"": "&quot;"
	})[c]).replace(/[^\P{Cc}\t\n]/gu, " ");
}
export { latencyChart };
