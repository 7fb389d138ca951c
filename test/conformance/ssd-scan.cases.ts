/** Cases of ssdScan. */
import { ssdScan } from "../../src/ops/ssd-scan.js";
import type { OpCase } from "./op-case.js";
import { range } from "./op-case.js";
import type { Fill } from "./random.js";
import { poisonedState, stateCalls } from "./state-inputs.js";

export const op = "ssdScan";

interface SsdSpec {
  readonly lengths: readonly number[];
  readonly heads: number;
  readonly headDim: number;
  readonly groups: number;
  readonly stateSize: number;
  /** Elements between the rows of all inputs. */
  readonly gap: number;
  readonly dt: Fill;
  readonly limits: { dtMin?: number; dtMax?: number };
}

const base: SsdSpec = {
  lengths: [9, 1, 5],
  heads: 4,
  headDim: 16,
  groups: 2,
  stateSize: 16,
  gap: 0,
  dt: (random) => random() * 6 - 5,
  limits: {},
};

function ssdCase(name: string, change: Partial<SsdSpec>, bench: Partial<OpCase> = {}): OpCase {
  const { lengths, heads, headDim, groups, stateSize, gap, dt, limits } = { ...base, ...change };
  return {
    name,
    rows: lengths.reduce((sum, length) => sum + length, 0),
    tolerance: 1e-5,
    absolute: 1e-36,
    record: (inputs, picked) => {
      const a = inputs.parameter("a", [heads], (random) => -Math.exp(random() * 3));
      const [d, dtBias] = [inputs.parameter("d", [heads]), inputs.parameter("dtBias", [heads])];
      const { before, main, numSlots } = stateCalls(inputs, lengths, picked);
      const state = poisonedState(inputs, numSlots, [heads, stateSize, headDim], gap);
      const run = ({ tokens, metadata }: typeof main) => {
        const rows = (label: string, width: number, fill?: Fill) =>
          inputs.rows(label, tokens, width, { stride: width + gap, ...(fill && { fill }) });
        const x = rows("x", heads * headDim).splitLast(heads, headDim);
        const b = rows("b", groups * stateSize).splitLast(groups, stateSize);
        const c = rows("c", groups * stateSize).splitLast(groups, stateSize);
        return ssdScan({ x, dt: rows("dt", heads, dt), dtBias, a, b, c, d }, state, metadata, limits);
      };
      if (before) run(before);
      return [run(main)];
    },
    ...bench,
  };
}

/** Mamba-2 130m and 2.7b. */
const small = { heads: 24, headDim: 64, groups: 1, stateSize: 128 };
const large = { heads: 80, headDim: 64, groups: 1, stateSize: 128 };
const ones = (count: number): number[] => range(count).map(() => 1);
/** The state, read and written. */
const stateBytes = (count: number, { heads, headDim, stateSize }: typeof small): number =>
  8 * count * heads * headDim * stateSize;

export const cases: readonly OpCase[] = [
  ssdCase("as in Mamba-2", {}),
  ssdCase("one token", { lengths: [1] }),
  ...[1, 7, 8, 9, 64, 128].map((stateSize) => ssdCase(`state of ${stateSize}`, { stateSize, lengths: [6, 2] })),
  ...[1, 8, 15, 17, 24, 31, 32, 33, 48, 64, 80].map((headDim) => ssdCase(`head of ${headDim}`, { headDim })),
  ssdCase("one head, one group", { heads: 1, groups: 1 }),
  ssdCase("a group for each head", { groups: 4 }),
  ssdCase("strided rows, slots apart", { headDim: 24, gap: 13 }),
  ssdCase("many requests", { lengths: [1, 2, 3, 4, 5, 6, 7, 8, 1, 1] }),
  ssdCase("long", { lengths: [300], heads: 2, headDim: 8 }),
  ssdCase("limits of the time step", { limits: { dtMin: 0.05, dtMax: 0.3 } }),
  ssdCase("a lower limit alone", { limits: { dtMin: 0.5 } }),
  ssdCase("tiny time steps", { dt: (random) => random() * 20 - 40 }),
  ssdCase("large time steps", { dt: (random) => random() * 100 - 20 }),
  ssdCase("prefill 512, 24 heads of 64", { ...small, lengths: [512] }, { benchOnly: true }),
  ssdCase("decode 1, 24 heads of 64", { ...small, lengths: [1] }, { benchOnly: true, bytes: stateBytes(1, small) }),
  ssdCase("decode 1, 80 heads of 64", { ...large, lengths: [1] }, { benchOnly: true, bytes: stateBytes(1, large) }),
  ssdCase(
    "decode 16, 80 heads of 64",
    { ...large, lengths: ones(16) },
    { benchOnly: true, bytes: stateBytes(16, large) },
  ),
];
