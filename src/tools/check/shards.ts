/** Do the shards of several ranks make the whole model? Compares which elements of the checkpoint each rank would read. */
import type { DeclaredParameter, ParameterSpec } from "../../layers/parameter-table.js";
import type { EngineConfig } from "../../config/engine-config.js";
import { ConfigError, UnsupportedError } from "../../util/errors.js";
import { formatShape, sameShape } from "../../tensor/shape.js";
import { constructModel } from "../../worker/load-model.js";
import type { ConstructionInstruments } from "../../worker/load-model.js";
import type { CheckResult } from "./result.js";
import { failed, ok, skipped } from "./result.js";

/** Each row of a parameter as an interval of elements: where it begins, step, count. */
interface Row {
  /** Tensor, first element and stride: two rows with equal keys begin at the same place. */
  readonly source: string;
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** Constructs the model for each rank of two (three where it does not divide by two), and for one rank alone. */
export async function checkShards(config: EngineConfig, instruments: ConstructionInstruments): Promise<CheckResult> {
  const name = "ranks";
  const declare = async (rank: number, worldSize: number): Promise<readonly DeclaredParameter[]> => {
    const model = await constructModel(config, { ...instruments, parallel: { rank, worldSize } });
    model.checkpoint?.close();
    return model.parameters.declared;
  };
  const whole = await declare(0, 1);
  const attempts = await Promise.all([2, 3].map((size) => cutIn(size, declare)));
  const ranks = attempts.find((attempt) => typeof attempt !== "string");
  if (typeof ranks !== "object") return skipped(name, `cannot be cut: ${attempts[0] as string}`);
  const problems: string[] = [];
  let numCut = 0;
  for (const { spec } of whole) {
    const parts = ranks.map((declared) => declared.find((other) => other.spec.name === spec.name)?.spec);
    const verdict = compare(spec, parts);
    if (verdict === "cut") numCut++;
    else if (verdict !== "whole") problems.push(`${spec.name}: ${verdict}`);
  }
  const known = new Set(whole.map(({ spec }) => spec.name));
  for (const { spec } of ranks.flat())
    if (!known.has(spec.name)) problems.push(`${spec.name}: only declared where there are several ranks`);
  if (problems.length > 0)
    return failed(
      name,
      problems.slice(0, 8).join("; "),
      "use the parallel layers of quirelm/layers, which cut their weights by rank",
    );
  const why = ranks.length === 2 ? "" : ` (not two: ${attempts[0] as string})`;
  return ok(
    name,
    `the shards of ${ranks.length} ranks make the whole model${why}: ${numCut} parameters are cut, ${whole.length - numCut} are whole on each`,
  );
}

type Declare = (rank: number, worldSize: number) => Promise<readonly DeclaredParameter[]>;

/** What each rank declares, or why there cannot be so many. */
async function cutIn(worldSize: number, declare: Declare): Promise<(readonly DeclaredParameter[])[] | string> {
  try {
    return await Promise.all(Array.from({ length: worldSize }, (_, rank) => declare(rank, worldSize)));
  } catch (error) {
    if (error instanceof ConfigError || error instanceof UnsupportedError) return error.message;
    throw error;
  }
}

/** "whole" on all ranks, "cut" in two, or what is wrong. */
function compare(whole: ParameterSpec, ranks: readonly (ParameterSpec | undefined)[]): string {
  const [first, ...others] = ranks;
  if (!first) return "rank 0 does not declare it";
  const all = rowsOf(whole);
  // A bias that is added once is rank 0's alone.
  if (isSame(rowsOf(first), all) && others.every((spec) => !spec || isSame(rowsOf(spec), all))) return "whole";
  const absent = ranks.findIndex((spec) => !spec);
  if (absent >= 0) return `rank ${absent} does not declare it, and rank 0 has a part only`;
  const parts = ranks as readonly ParameterSpec[];
  const [inAll, inRanks] = [coverage(all), coverage(parts.flatMap(rowsOf))];
  for (const key of new Set([...inAll.keys(), ...inRanks.keys()])) {
    const [wanted, got] = [inAll.get(key) ?? "nothing", inRanks.get(key) ?? "nothing"];
    if (wanted !== got) return `of ${key} one rank reads elements ${wanted}, all ranks together ${got}`;
  }
  const other = parts.findIndex(({ shape }) => !sameShape(shape, first.shape));
  if (other >= 0) return `rank 0 has ${formatShape(first.shape)}, rank ${other} ${formatShape(parts[other]!.shape)}`;
  return "cut";
}

function rowsOf({ parts }: ParameterSpec): Row[] {
  return parts.flatMap(({ source, rowCount }) => {
    const { shape, strides, offset } = source.view();
    let starts = [offset];
    let d = 0;
    for (; d < shape.length && starts.length < rowCount; d++)
      starts = starts.flatMap((at) => Array.from({ length: shape[d]! }, (_, i) => at + i * strides[d]!));
    // What is left of the dimensions is one row; more than one is written out below.
    const inner = shape.slice(d);
    const innerStrides = strides.slice(d);
    while (inner.length > 1) {
      const [size, stride] = [inner.shift()!, innerStrides.shift()!];
      starts = starts.flatMap((at) => Array.from({ length: size }, (_, i) => at + i * stride));
    }
    return starts.map((start) => ({ source: source.name, start, step: innerStrides[0] ?? 1, count: inner[0] ?? 1 }));
  });
}

function isSame(a: readonly Row[], b: readonly Row[]): boolean {
  return (
    a.length === b.length &&
    a.every((row, i) => row.source === b[i]!.source && row.start === b[i]!.start && row.count === b[i]!.count)
  );
}

/** Which elements rows cover, as merged intervals, by tensor (and column, where rows run down the columns). */
function coverage(rows: readonly Row[]): Map<string, string> {
  const intervals = new Map<string, [start: number, end: number][]>();
  for (const { source, start, step, count } of rows) {
    const key = step === 1 ? `"${source}"` : `"${source}", column ${start % step}`;
    const at = Math.floor(start / step);
    const list = intervals.get(key);
    const last = list?.at(-1);
    if (last && last[1] === at) last[1] = at + count;
    else if (list) list.push([at, at + count]);
    else intervals.set(key, [[at, at + count]]);
  }
  return new Map([...intervals].map(([key, list]) => [key, merged(list)]));
}

function merged(list: readonly (readonly [number, number])[]): string {
  const out: [number, number][] = [];
  for (const [start, end] of [...list].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else out.push([start, end]);
  }
  return (
    out
      .slice(0, 4)
      .map(([start, end]) => `${start}..${end}`)
      .join(", ") + (out.length > 4 ? `, … (${out.length} pieces)` : "")
  );
}
