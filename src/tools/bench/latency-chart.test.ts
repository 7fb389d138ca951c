import { describe, expect, it } from "vitest";
import { axis, latencyChart } from "./latency-chart.js";

/** Throws where tags do not nest; gives the names of all elements. */
function elements(svg: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  let rest = svg;
  for (;;) {
    const match = /^[^<]*<(\/?)([a-z]+)((?:\s+[a-zA-Z-]+="[^"<&]*(?:&[a-z]+;[^"<&]*)*")*)\s*(\/?)>/.exec(rest);
    if (match === null) break;
    const [whole, isEnd, name, , isEmpty] = match;
    if (isEnd === "/") {
      const last = open.pop();
      if (last !== name) throw new Error(`</${name}> closes <${last}>`);
    } else {
      names.push(name!);
      if (isEmpty === "") open.push(name!);
    }
    rest = rest.slice(whole.length);
  }
  if (open.length > 0 || rest.trim() !== "") throw new Error(`left: ${open.join(" ")} ${rest.slice(0, 80)}`);
  return names;
}

const points = [
  { label: "1", throughput: 50, tpotMs: 20, ttftMs: 100 },
  { label: "4", throughput: 150, tpotMs: 26, ttftMs: 900 },
  { label: "16", throughput: 400, tpotMs: undefined, ttftMs: 4000 },
];

describe("chart", () => {
  it("is well-formed, names every point, and leaves out what has no value", () => {
    const svg = latencyChart('a <b> & "c"\u0007', "sub & title", points);
    const names = elements(svg);
    expect(names.filter((name) => name === "circle").length).toBe(5);
    expect(svg.match(/class="label"[^>]*>16</g)).toHaveLength(1);
    expect(svg.match(/class="label"[^>]*>4</g)).toHaveLength(2);
    expect(svg).toContain("a &lt;b&gt; &amp; &quot;c&quot;");
    expect(svg).not.toContain("\u0007");
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(svg).toContain("prefers-color-scheme: dark");
  });

  it("gives units, seconds where milliseconds would be long", () => {
    const svg = latencyChart("t", "s", points);
    expect(svg).toContain("time per output token (TPOT), median [ms]");
    expect(svg).toContain("time to first token (TTFT), median [s]");
    expect(svg).toContain("output [tokens/s]");
  });

  it("of one point, or of none, is a chart too", () => {
    expect(elements(latencyChart("t", "s", points.slice(0, 1)))).toContain("circle");
    expect(elements(latencyChart("t", "s", []))).not.toContain("circle");
    expect(latencyChart("t", "s", [])).not.toMatch(/NaN|Infinity/);
  });

  it("keeps its points inside the axes", () => {
    const places = [...latencyChart("t", "s", points).matchAll(/cx="([\d.]+)" cy="([\d.]+)"/g)];
    expect(
      places.map(([, x, y]) => Number(x) >= 64 && Number(x) <= 948 && Number(y) >= 66 && Number(y) <= 366),
    ).toEqual(places.map(() => true));
  });
});

describe("axes", () => {
  it.each([
    [8, 2, 10],
    [100, 20, 120],
    [0.003, 0.0005, 0.0035],
    [1040, 200, 1200],
    [0, 0.2, 1],
  ])("for %f have steps of %f up to %f", (largest, step, end) => {
    const found = axis(largest);
    expect(found.step).toBeCloseTo(step, 12);
    expect(found.end).toBeCloseTo(end, 12);
    expect(found.ticks.length).toBeLessThanOrEqual(10);
  });
});
