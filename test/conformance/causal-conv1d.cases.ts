/** Cases of causalConv1d. */
import type { ActivationKind } from "../../src/ops/activation.js";
import { causalConv1d, convStateShape } from "../../src/ops/causal-conv1d.js";
import type { OpCase } from "./op-case.js";
import { range } from "./op-case.js";
import type { Fill } from "./random.js";
import { fills } from "./random.js";
import { poisonedState, stateCalls } from "./state-inputs.js";

export const op = "causalConv1d";

interface ConvSpec {
  readonly lengths: readonly number[];
  readonly channels: number;
  readonly kernelSize: number;
  readonly bias: boolean;
  readonly activation?: ActivationKind;
  /** Elements from row to row of x. */
  readonly stride?: number;
  readonly gap?: number;
  readonly fill?: Fill;
}

const base: ConvSpec = { lengths: [9, 1, 5], channels: 32, kernelSize: 4, bias: true, activation: "silu" };

function convCase(name: string, change: Partial<ConvSpec>, bench: Partial<OpCase> = {}): OpCase {
  const { lengths, channels, kernelSize, bias, activation, stride, gap, fill } = { ...base, ...change };
  return {
    name,
    rows: lengths.reduce((sum, length) => sum + length, 0),
    tolerance: 2e-6,
    absolute: 2 ** -126,
    record: (inputs, picked) => {
      const weight = inputs.parameter("weight", [kernelSize * channels]);
      const offsets = bias ? inputs.parameter("bias", [channels]) : undefined;
      const { before, main, numSlots } = stateCalls(inputs, lengths, picked);
      const state = poisonedState(inputs, numSlots, convStateShape(kernelSize, channels), gap);
      const run = ({ tokens, metadata }: typeof main) => {
        const x = inputs.rows("x", tokens, channels, { ...(stride && { stride }), ...(fill && { fill }) });
        return causalConv1d(x, weight, offsets, state, metadata, activation ? { activation } : {});
      };
      if (before) run(before);
      return [run(main)];
    },
    ...bench,
  };
}

export const cases: readonly OpCase[] = [
  convCase("as in Mamba", {}),
  convCase("one token", { lengths: [1] }),
  convCase("no bias, no activation", { bias: false, activation: undefined as never }),
  convCase("gelu", { activation: "gelu" }),
  convCase("another name of silu", { activation: "swish" }),
  ...[1, 2, 3, 5, 9].map((kernelSize) => convCase(`kernel of ${kernelSize}`, { kernelSize, lengths: [12, 2] })),
  ...[1, 15, 17, 63, 64, 65, 130].map((channels) => convCase(`${channels} channels`, { channels })),
  convCase("strided rows, slots apart", { channels: 40, stride: 99, gap: 13 }),
  convCase("many requests", { lengths: [1, 2, 3, 4, 5, 6, 7, 8, 1, 1] }),
  convCase("outliers", { fill: fills.outliers, lengths: [40] }),
  convCase("prefill 512 x 1536", { lengths: [512], channels: 1536 }, { benchOnly: true }),
  convCase(
    "prefill 512 x 5376, in a wider product",
    { lengths: [512], channels: 5376, stride: 10576 },
    { benchOnly: true },
  ),
  convCase("decode 16 x 1536", { lengths: range(16).map(() => 1), channels: 1536 }, { benchOnly: true }),
];
