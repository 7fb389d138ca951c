import { describe, expect, test } from "vitest";
import { cases } from "./cases.js";
import type { Case } from "./cases.js";
import type { Lane } from "./lane.js";
import { bestPeer, mergeResults, summarize } from "./results.js";
import type { CaseResult, Results } from "./results.js";
import { runCase } from "./rounds.js";
import type { RoundOptions } from "./rounds.js";
import { resultsTable } from "./table.js";

const machine = { cpu: "A", flags: "avx2", cores: 2, memoryGiB: 8, system: "linux 6", node: "v20" };
const shape = { layerParameters: 9e8, headParameters: 1e8, numLayers: 1, queryWidth: 0, kvBytesPerToken: 0 };
const probe = () => ({ read: 40e9, peak: 1e15 });
const find = (name: string): Case => cases.find((spec) => spec.name === name)!;

/** An engine with known figures, one for each round. */
function lane(name: string, rates: readonly number[], order: string[] = []): Lane {
  return {
    name,
    version: `${name} 1`,
    pids: [],
    warm: async () => void order.push(`warm ${name}`),
    measure: async (_, round) => {
      order.push(`${name} ${round}`);
      return { values: { rate: rates[(round - 1) % rates.length]! } };
    },
    close: async () => {},
  };
}

const options: RoundOptions = { rounds: 3, tries: 1, maxOthers: 100, probe, log: () => {} };

async function result(spec: Case, lanes: readonly Lane[]): Promise<CaseResult> {
  const run = await runCase(spec, lanes, options);
  return summarize(spec, run, lanes, { shape, threads: 2, date: "2026-01-01" });
}

test("engines take turns", async () => {
  const order: string[] = [];
  await runCase(find("1b-decode-1"), [lane("quire", [1, 2, 3], order), lane("vllm", [1, 1, 1], order)], options);
  expect(order).toEqual(["warm quire", "warm vllm", "quire 1", "vllm 1", "quire 2", "vllm 2", "quire 3", "vllm 3"]);
});

describe("summarize", () => {
  test("medians, the better peer, its pairs and the share of the probe", async () => {
    const lanes = [lane("quire", [20, 10, 19]), lane("llama.cpp", [20, 8, 10]), lane("vllm", [9, 30, 9])];
    const { metrics, versions, rounds } = await result(find("1b-decode-1"), lanes);
    const { engines, peer, ratio, pairs, met } = metrics.rate!;
    expect(engines.quire).toMatchObject({ median: 19, min: 10, max: 20, samples: [20, 10, 19], share: 0.95 });
    expect([peer, ratio, pairs]).toEqual(["llama.cpp", 1.9, 1.25]);
    expect(met).toBe(true);
    expect(versions.vllm).toBe("vllm 1");
    expect(rounds).toBe(3);
  });

  test("a target that is not met", async () => {
    const { metrics } = await result(find("1b-decode-16"), [lane("quire", [199]), lane("vllm", [100])]);
    expect(metrics.rate).toMatchObject({ ratio: 1.99, met: false });
  });

  test("Quire alone has no ratio", async () => {
    const { metrics } = await result(find("1b-decode-16"), [lane("quire", [199])]);
    expect(metrics.rate!.ratio).toBeUndefined();
    expect(metrics.rate!.met).toBeUndefined();
  });

  test("an engine without a figure is an error", async () => {
    await expect(result(find("1b-decode-1"), [lane("quire", [NaN])])).rejects.toThrow("positive figure");
  });
});

test("of figures that should be low, the lowest is the best", () => {
  const peers = { a: { median: 3, min: 1, max: 4 }, b: { median: 2, min: 2, max: 2 } };
  expect(bestPeer(peers, "lower")![0]).toBe("b");
  expect(bestPeer(peers, "higher")![0]).toBe("a");
  expect(bestPeer({}, "higher")).toBeUndefined();
});

describe("mergeResults", () => {
  const results = (name: string, date: string, of = machine): Results => ({
    machine: of,
    cases: { [name]: { date } as CaseResult },
  });

  test("a case measured again replaces the old one, others stay", () => {
    const merged = mergeResults(mergeResults(results("a", "1"), results("b", "1")), results("a", "2"));
    expect(merged.cases).toEqual({ a: { date: "2" }, b: { date: "1" } });
    expect(mergeResults(undefined, results("a", "1")).cases).toHaveProperty("a");
  });

  test("not across machines", () => {
    expect(() => mergeResults(results("a", "1"), results("b", "1", { ...machine, cores: 4 }))).toThrow("cores was 2");
  });
});

test("the table", async () => {
  const spec = find("1b-decode-16");
  const done = await result(spec, [lane("quire", [210.2]), lane("llama.cpp", [100])]);
  const rows = resultsTable({ machine, cases: { [spec.name]: done } }, [spec.name]).split("\n");
  const cells = rows
    .at(-2)!
    .split("|")
    .map((cell) => cell.trim());
  expect(cells.slice(1, 8)).toEqual([
    "1b-decode-16",
    "rate, tok/s",
    "210 (210–210)",
    "100 (100–100)",
    "–",
    "2.10 (2.10)",
    ">= 2 (met)",
  ]);
  expect(rows[2]!.split("|")).toHaveLength(cells.length);
});
