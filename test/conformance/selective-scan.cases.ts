/** Cases of selectiveScan. */
import { selectiveScan } from "../../src/ops/selective-scan.js";
import type { OpCase } from "./op-case.js";
import { range } from "./op-case.js";
import type { Fill } from "./random.js";
import { poisonedState, stateCalls } from "./state-inputs.js";

export const op = "selectiveScan";

interface ScanSpec {
  readonly lengths: readonly number[];
  readonly channels: number;
  readonly stateSize: number;
  readonly gated: boolean;
  /** Elements between the rows of all inputs. */
  readonly gap: number;
  readonly dt: Fill;
}

const base: ScanSpec = {
  lengths: [9, 1, 5],
  channels: 32,
  stateSize: 16,
  gated: true,
  gap: 0,
  dt: (random) => random() * 6 - 5,
};

function scanCase(name: string, change: Partial<ScanSpec>, bench: Partial<OpCase> = {}): OpCase {
  const { lengths, channels, stateSize, gated, gap, dt } = { ...base, ...change };
  return {
    name,
    rows: lengths.reduce((sum, length) => sum + length, 0),
    tolerance: 1e-5,
    absolute: 1e-36,
    record: (inputs, picked) => {
      const a = inputs.parameter("a", [stateSize, channels], (random) => -Math.exp(random() * 3));
      const d = inputs.parameter("d", [channels]);
      const { before, main, numSlots } = stateCalls(inputs, lengths, picked);
      const state = poisonedState(inputs, numSlots, [stateSize, channels], gap);
      const run = ({ tokens, metadata }: typeof main) => {
        const rows = (label: string, width: number, fill?: Fill) =>
          inputs.rows(label, tokens, width, { stride: width + gap, ...(fill && { fill }) });
        const [x, z] = [rows("x", channels), rows("z", channels)];
        const [b, c] = [rows("b", stateSize), rows("c", stateSize)];
        return selectiveScan({ x, dt: rows("dt", channels, dt), a, b, c, d, ...(gated && { z }) }, state, metadata);
      };
      if (before) run(before);
      return [run(main)];
    },
    ...bench,
  };
}

export const cases: readonly OpCase[] = [
  scanCase("as in Mamba", {}),
  scanCase("one token", { lengths: [1] }),
  scanCase("no gate", { gated: false }),
  ...[1, 3, 8, 17, 64].map((stateSize) => scanCase(`state of ${stateSize}`, { stateSize })),
  ...[1, 15, 17, 64, 65, 130].map((channels) => scanCase(`${channels} channels`, { channels })),
  scanCase("strided rows, slots apart", { channels: 40, gap: 13 }),
  scanCase("many requests", { lengths: [1, 2, 3, 4, 5, 6, 7, 8, 1, 1] }),
  scanCase("long", { lengths: [300], channels: 16 }),
  scanCase("tiny time steps", { dt: (random) => random() * 20 - 40 }),
  scanCase("large time steps", { dt: (random) => random() * 100 - 20 }),
  scanCase("prefill 512 x 1536", { lengths: [512], channels: 1536 }, { benchOnly: true }),
  scanCase("decode 1 x 5120", { lengths: [1], channels: 5120 }, { benchOnly: true }),
  scanCase("decode 16 x 1536", { lengths: range(16).map(() => 1), channels: 1536 }, { benchOnly: true }),
];
