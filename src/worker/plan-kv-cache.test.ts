import { describe, expect, test } from "vitest";
import type { KVCacheGroup } from "../request/kv-cache-group.js";
import type { KVCachePlan, LayerNeed } from "./plan-kv-cache.js";
import { describePlan, planKVCache } from "./plan-kv-cache.js";

const use = { blockSize: 16, maxStepTokens: 512 };
const full: KVCacheGroup = { kind: "full" };
const window = (slidingWindow: number): KVCacheGroup => ({ kind: "slidingWindow", slidingWindow });

const layers = (
  count: number,
  groupOf: (i: number) => KVCacheGroup,
  bytesOf: (i: number) => number = () => 1000,
): LayerNeed[] =>
  Array.from({ length: count }, (_, i) => ({ name: `layers.${i}`, group: groupOf(i), bytes: bytesOf(i) }));
/** `full 4, window 4 4`: the sizes of the groups of each kind. */
const shape = ({ groups }: KVCachePlan): string[] =>
  groups.map(
    ({ group, layers: members }) =>
      `${group.kind === "slidingWindow" ? group.slidingWindow : group.kind} x ${members.length}`,
  );
const each = (count: number, what: string): string[] => Array<string>(count).fill(what);

describe("groups of layers", () => {
  test.each<[string, LayerNeed[], number, string[]]>([
    ["one kind stays whole", layers(30, () => full), 4096, ["full x 30"]],
    ["a window on every layer", layers(32, () => window(4096)), 32768, ["4096 x 32"]],
    ["a window that no request outgrows", layers(32, () => window(4096)), 4096, ["full x 32"]],
    ["1 to 1", layers(24, (i) => (i % 2 ? full : window(128))), 131072, ["full x 12", "128 x 12"]],
    ["3 to 1", layers(32, (i) => (i % 4 === 3 ? full : window(4096))), 131072, ["full x 8", ...each(3, "4096 x 8")]],
    ["5 to 1", layers(18, (i) => (i % 6 === 5 ? full : window(512))), 32768, ["full x 3", ...each(5, "512 x 3")]],
    [
      "5 to 1, two left over",
      layers(26, (i) => (i % 6 === 5 ? full : window(512))),
      32768,
      ["full x 4", ...each(5, "512 x 4"), "512 x 2"],
    ],
    ["one more of a kind", layers(11, (i) => (i % 2 ? full : window(128))), 131072, ["full x 5", "128 x 5", "128 x 1"]],
    [
      "requests hardly longer than the window",
      layers(12, (i) => (i % 6 === 5 ? full : window(4096))),
      4500,
      ["full x 12"],
    ],
    ["one full layer", layers(8, (i) => (i ? window(64) : full)), 65536, ["full x 1", ...each(7, "64 x 1")]],
    ["states", layers(6, () => ({ kind: "state" })), 4096, ["state x 6"]],
    ["none", [], 4096, ["full x 0"]],
  ])("%s", (_, given, maxLen, expected) => {
    const plan = planKVCache(given, use, maxLen);
    expect(shape(plan)).toEqual(expected);
    expect(plan.groups.flatMap((group) => group.layers.map(({ name }) => name)).toSorted()).toEqual(
      given.map(({ name }) => name).toSorted(),
    );
  });

  test("every page has room for each layer of its region", () => {
    const bytes = (i: number): number => [1000, 700, 1300][i % 3]!;
    const plan = planKVCache(
      layers(25, (i) => (i % 4 ? window(64) : full), bytes),
      use,
      65536,
    );
    for (const { layers: members } of plan.groups)
      members.forEach((layer, i) => expect(layer.bytes).toBeLessThanOrEqual(plan.regionBytes[i]!));
    expect(plan.bytesPerBlock).toBe(plan.regionBytes.reduce((sum, n) => sum + n, 0));
  });

  test("layers of one kind and different sizes need no room that is unused", () => {
    const plan = planKVCache(
      layers(
        4,
        () => full,
        (i) => 500 + 100 * i,
      ),
      use,
      4096,
    );
    expect(plan.bytesPerBlock).toBe(500 + 600 + 700 + 800);
  });
});

describe("the operator's line", () => {
  const line = (given: LayerNeed[]): string | undefined => describePlan(planKVCache(given, use, 65536));
  test("is not there without need", () => expect(line(layers(30, () => full))).toBeUndefined());
  test("names the groups and what is unused", () => {
    expect(line(layers(26, (i) => (i % 6 === 5 ? full : window(512))))).toBe(
      "KV cache groups: 4 layers with full attention, 5 x 4 layers with a window of 512, 2 layers with a window of 512; " +
        "a page is 4000 bytes in 4 regions; 7 % of the pages' bytes are unused",
    );
    expect(line(layers(2, () => ({ kind: "state" })))).toBe(
      "KV cache groups: 2 layers with a state; a page is 2000 bytes in 2 regions",
    );
  });
});
