/** How a model's layers share the pages of the KV cache: pure planning, and the line that tells of it. */
import type { BlockUse, KVCacheGroup } from "../request/kv-cache-group.js";
import { blocksOfRequest, reachOf } from "../request/kv-cache-group.js";

/** One layer's part of a page. */
export interface LayerNeed {
  readonly name: string;
  readonly group: KVCacheGroup;
  /** Bytes of one block, or of one request's state. */
  readonly bytes: number;
}

/** Layers that have the same block table. */
export interface PlannedGroup {
  readonly group: KVCacheGroup;
  /** The i-th lies in the i-th region. */
  readonly layers: readonly LayerNeed[];
}

/**
 * Block b is, for layer i of the group that holds it, the bytes from b * regionBytes[i] on of region i: every block is a page
 * of equal bytes, whichever group it is given to.
 */
export interface KVCachePlan {
  readonly groups: readonly PlannedGroup[];
  /** By region, bytes from block to block. */
  readonly regionBytes: readonly number[];
  /** Of one page: the sum of `regionBytes`. */
  readonly bytesPerBlock: number;
}

/** Each group costs work in every step, as much as this share of the cache's memory. */
const costOfGroup = 0.01;

/**
 * Cuts the layers of each kind into groups of equally many layers, so that a request of full length takes the least
 * memory: small groups leave nothing unused, but are many. Windows and chunks as long as any request are full attention. All
 * layers in one group, windows unused, is tried too: it is best where windows are hardly shorter than requests.
 */
export function planKVCache(layers: readonly LayerNeed[], use: Omit<BlockUse, "groups">, maxLen: number): KVCachePlan {
  const kinds = new Map<string, LayerNeed[]>();
  for (const layer of layers) {
    const group = withoutIdleWindow(layer.group, maxLen);
    const key = JSON.stringify(group);
    kinds.set(key, [...(kinds.get(key) ?? []), { ...layer, group }]);
  }
  const byKind = [...kinds.values()].map((kind) => kind.toSorted((a, b) => b.bytes - a.bytes));
  const longest = Math.max(1, ...byKind.map((kind) => kind.length));
  const sizes = kinds.size > 1 ? Array.from({ length: longest }, (_, i) => longest - i) : [longest];
  const plans = sizes.map((size) => cut(byKind, size));
  if (kinds.size > 1 && layers.every(({ group }) => group.kind !== "state"))
    plans.push(cut([layers.map((layer) => ({ ...layer, group: { kind: "full" } }))], layers.length));
  const cost = ({ groups, bytesPerBlock }: KVCachePlan): number =>
    bytesPerBlock *
    blocksOfRequest({ ...use, groups: groups.map(({ group }) => group) }, maxLen) *
    (1 + costOfGroup * groups.length);
  return plans.reduce((best, plan) => (cost(plan) < cost(best) ? plan : best));
}

function withoutIdleWindow(group: KVCacheGroup, maxLen: number): KVCacheGroup {
  return group.kind !== "state" && reachOf(group) >= maxLen ? { kind: "full" } : group;
}

/** Full attention first: its hits bound those of the windows. */
const order = ["full", "slidingWindow", "chunked", "state"] as const;

function cut(kinds: readonly (readonly LayerNeed[])[], size: number): KVCachePlan {
  const groups: PlannedGroup[] = [];
  for (const kind of kinds)
    for (let i = 0; i < kind.length; i += size) groups.push({ group: kind[i]!.group, layers: kind.slice(i, i + size) });
  if (groups.length === 0) groups.push({ group: { kind: "full" }, layers: [] });
  groups.sort((a, b) => order.indexOf(a.group.kind) - order.indexOf(b.group.kind));
  const numRegions = Math.max(...groups.map(({ layers }) => layers.length));
  const regionBytes = Array.from({ length: numRegions }, (_, i) =>
    Math.max(...groups.map(({ layers }) => layers[i]?.bytes ?? 0)),
  );
  return { groups, regionBytes, bytesPerBlock: regionBytes.reduce((sum, bytes) => sum + bytes, 0) };
}

/** One line for the operator; undefined where there is nothing to tell: one group that keeps every token. */
export function describePlan({ groups, regionBytes, bytesPerBlock }: KVCachePlan): string | undefined {
  if (groups.length === 1 && groups[0]!.group.kind === "full") return undefined;
  const names = groups.map(
    ({ group, layers }) => `${layers.length} ${layers.length === 1 ? "layer" : "layers"} ${kindName(group)}`,
  );
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const list = Array.from(counts, ([name, count]) => (count > 1 ? `${count} x ${name}` : name)).join(", ");
  const used = groups.reduce((sum, { layers }) => sum + layers.reduce((bytes, layer) => bytes + layer.bytes, 0), 0);
  const unused = Math.round(100 * (1 - used / (bytesPerBlock * groups.length)));
  const waste = unused > 0 ? `; ${unused} % of the pages' bytes are unused` : "";
  return `KV cache groups: ${list}; a page is ${bytesPerBlock} bytes in ${regionBytes.length} regions${waste}`;
}

function kindName(group: KVCacheGroup): string {
  if (group.kind === "slidingWindow") return `with a window of ${group.slidingWindow}`;
  if (group.kind === "chunked") return `with chunks of ${group.chunkSize}`;
  return group.kind === "state" ? "with a state" : "with full attention";
}
