/** A chart of lines over the last minutes, in SVG: axes, legend with the latest values, and what lies under the pointer. */
import { append, el, svg } from "./dom.js";
import { round } from "./figures.js";

export interface Series {
  readonly name: string;
  /** 1 to 4: colour of the style sheet. */
  readonly colour: number;
  /** Fills the area below. */
  readonly isArea?: boolean;
  /** One value per bucket; undefined: nothing was measured. */
  readonly values: readonly (number | undefined)[];
}

export interface ChartData {
  readonly series: readonly Series[];
  readonly rangeMs: number;
  /** What a value looks like. */
  readonly format?: (value: number) => string;
  /** Highest value of the axis at least. */
  readonly atLeast: number;
}

const HEIGHT = 150;
const LEFT = 52;
const RIGHT = 8;
const TOP = 8;
const BOTTOM = 20;
/** Buckets that may lie between two values of one line. */
const MAX_GAP = 5;

export class LineChart {
  readonly element: HTMLElement;
  readonly #title: string;
  readonly #plot = svg("svg", { class: "plot", role: "img", height: HEIGHT });
  readonly #legend = el("div", { class: "legend" });
  #data: ChartData | undefined;
  #width = 320;
  /** Bucket under the pointer. */
  #pointed: number | undefined;

  constructor(title: string, hint: string) {
    this.#title = title;
    this.element = el(
      "section",
      { class: "card", "aria-label": title },
      el("h2", {}, title, " ", el("span", { class: "hint" }, hint)),
      this.#plot as unknown as HTMLElement,
      this.#legend,
    );
    new ResizeObserver(([entry]) => {
      this.#width = Math.max(200, entry!.contentRect.width - 2);
      this.#draw();
    }).observe(this.element);
    this.#plot.addEventListener("pointermove", (event) => this.#point((event as PointerEvent).offsetX));
    this.#plot.addEventListener("pointerleave", () => this.#point(undefined));
  }

  show(data: ChartData): void {
    this.#data = data;
    this.#draw();
  }

  #point(x: number | undefined): void {
    const count = this.#data?.series[0]?.values.length ?? 0;
    const share = x === undefined ? -1 : (x - LEFT) / (this.#width - LEFT - RIGHT);
    this.#pointed = share < 0 || share > 1 || count < 2 ? undefined : Math.round(share * (count - 1));
    this.#draw();
  }

  #draw(): void {
    if (this.#data === undefined) return;
    const { series, rangeMs, atLeast, format = round } = this.#data;
    const width = this.#width;
    const top = niceTop(Math.max(atLeast, ...series.flatMap(({ values }) => values.map((value) => value ?? 0))));
    const count = series[0]!.values.length;
    const x = (i: number) => LEFT + (i / Math.max(1, count - 1)) * (width - LEFT - RIGHT);
    const y = (value: number) => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM);
    this.#plot.setAttribute("width", String(width));
    this.#plot.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    const parts: SVGElement[] = [];
    for (const share of [0, 0.5, 1]) {
      const at = y(share * top);
      parts.push(svg("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: at, y2: at }));
      parts.push(label(LEFT - 6, at + 4, "end", format(share * top)));
    }
    parts.push(
      label(LEFT, HEIGHT - 4, "start", `${rangeMs / 60_000} min ago`),
      label(width - RIGHT, HEIGHT - 4, "end", "now"),
    );
    for (const one of series) parts.push(...drawn(one, x, y));
    const pointed = this.#pointed;
    if (pointed !== undefined) {
      parts.push(svg("line", { class: "pointer", x1: x(pointed), x2: x(pointed), y1: TOP, y2: HEIGHT - BOTTOM }));
    }
    this.#plot.replaceChildren(...parts);
    this.#showLegend(pointed ?? count - 1, pointed !== undefined);
    this.#plot.setAttribute("aria-label", this.#summary(format));
  }

  #showLegend(at: number, isPointed: boolean): void {
    const { series, format = round, rangeMs } = this.#data!;
    const count = series[0]!.values.length;
    const entries = series.map(({ name, colour, values }) => {
      const value = isPointed ? values[at] : values.findLast((entry) => entry !== undefined);
      return el(
        "span",
        { class: "legend-entry" },
        el("span", { class: `swatch series-${colour}`, "aria-hidden": "true" }),
        `${name} `,
        el("b", {}, value === undefined ? "–" : format(value)),
      );
    });
    const ago = Math.round(((count - 1 - at) / Math.max(1, count - 1)) * (rangeMs / 1000));
    this.#legend.replaceChildren(...entries);
    append(this.#legend, [isPointed && el("span", { class: "legend-entry" }, `${ago} s ago`)]);
  }

  /** In words, for who cannot see it. */
  #summary(format: (value: number) => string): string {
    const parts = this.#data!.series.map(({ name, values }) => {
      const known = values.filter((value) => value !== undefined);
      if (known.length === 0) return `${name}: nothing measured`;
      return `${name}: latest ${format(known.at(-1)!)}, highest ${format(Math.max(...known))}`;
    });
    return `${this.#title}. ${parts.join("; ")}`;
  }
}

/** Lines where values are close to each other, dots where one stands alone. */
function drawn(
  { values, colour, isArea }: Series,
  x: (i: number) => number,
  y: (value: number) => number,
): SVGElement[] {
  const runs: [number, number][][] = [];
  for (const [i, value] of values.entries()) {
    if (value === undefined) continue;
    if (values.slice(Math.max(0, i - MAX_GAP), i).every((before) => before === undefined)) runs.push([]);
    runs.at(-1)!.push([x(i), y(value)]);
  }
  return runs.flatMap((run) => {
    const [first, last] = [run[0]!, run.at(-1)!];
    if (run.length === 1) return [svg("circle", { class: `dot series-${colour}`, cx: first[0], cy: first[1], r: 2.5 })];
    const line = `M${run.map(([px, py]) => `${px.toFixed(1)} ${py.toFixed(1)}`).join("L")}`;
    const area = `${line}L${last[0].toFixed(1)} ${y(0)}L${first[0].toFixed(1)} ${y(0)}Z`;
    return [
      ...(isArea ? [svg("path", { class: `area series-${colour}`, d: area })] : []),
      svg("path", { class: `line series-${colour}`, d: line }),
    ];
  });
}

function label(x: number, y: number, anchor: string, text: string): SVGElement {
  return svg(
    "text",
    { class: "axis", x, y, "text-anchor": anchor },
    document.createTextNode(text) as unknown as SVGElement,
  );
}

/** 1, 2, 2.5 or 5 times a power of ten, not below the value. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((top) => top >= value * 0.999) ?? 10 * power;
}
