/** State metadata that lies about rows, lengths or slots ends in an error that says so; another request's state is not touched. */
import { afterAll, describe, expect, it } from "vitest";
import { causalConv1d, convStateShape } from "../../src/ops/causal-conv1d.js";
import { selectiveScan } from "../../src/ops/selective-scan.js";
import { ssdScan } from "../../src/ops/ssd-scan.js";
import type { StateMetadata } from "../../src/ops/step.js";
import type { Tensor } from "../../src/tensor/tensor.js";
import { CaseInputs } from "./case-inputs.js";
import { range } from "./op-case.js";
import { comparedPlatforms, openReference } from "./platforms.js";
import { stateMetadata } from "./state-inputs.js";

type Lie = (inputs: CaseInputs) => Partial<StateMetadata>;
const lies: readonly (readonly [string, Lie, RegExp])[] = [
  ["more requests than there is room for", (i) => ({ numSeqs: i.ints("lie", [99]) }), /numSeqs/],
  ["a negative number of requests", (i) => ({ numSeqs: i.ints("lie", [-1]) }), /numSeqs/],
  ["rows beyond the last", (i) => ({ queryStartLoc: i.ints("lie", [0, 4, 1000, 0]) }), /queryStartLoc/],
  ["rows that go back", (i) => ({ queryStartLoc: i.ints("lie", [0, 4, 2, 0]) }), /queryStartLoc/],
  ["rows before the first", (i) => ({ queryStartLoc: i.ints("lie", [-4, 4, 6, 0]) }), /queryStartLoc/],
  ["a sequence shorter than its rows", (i) => ({ seqLens: i.ints("lie", [3, 2, 0]) }), /shorter/],
  ["a slot that does not exist", (i) => ({ stateSlots: i.ints("lie", [1, 5, 0]) }), /slot/],
  ["a negative slot", (i) => ({ stateSlots: i.ints("lie", [-1, 2, 0]) }), /slot/],
];

const numSlots = 5;
const [channels, stateSize] = [32, 8];
const slotFill = 7;

/** Each op over 6 rows, with a state whose every element is slotFill. */
const recorders: Record<string, (inputs: CaseInputs, metadata: StateMetadata) => { state: Tensor; out: Tensor }> = {
  causalConv1d: (inputs, metadata) => {
    const state = filledState(inputs, convStateShape(4, channels));
    const weight = inputs.parameter("weight", [4 * channels]);
    return { state, out: causalConv1d(inputs.rows("x", range(6), channels), weight, undefined, state, metadata) };
  },
  selectiveScan: (inputs, metadata) => {
    const state = filledState(inputs, [stateSize, channels]);
    const rows = (label: string, width: number): Tensor => inputs.rows(label, range(6), width);
    const [a, d] = [inputs.parameter("a", [stateSize, channels]), inputs.parameter("d", [channels])];
    const [x, dt, b, c] = [rows("x", channels), rows("dt", channels), rows("b", stateSize), rows("c", stateSize)];
    return { state, out: selectiveScan({ x, dt, a, b, c, d }, state, metadata) };
  },
  ssdScan: (inputs, metadata) => {
    const [heads, headDim] = [2, channels / 2];
    const state = filledState(inputs, [heads, stateSize, headDim]);
    const rows = (label: string, width: number): Tensor => inputs.rows(label, range(6), width);
    const vector = (label: string) => inputs.parameter(label, [heads]);
    const [b, c] = [rows("b", stateSize).splitLast(1, stateSize), rows("c", stateSize).splitLast(1, stateSize)];
    const x = rows("x", channels).splitLast(heads, headDim);
    const vectors = { dtBias: vector("dtBias"), a: vector("a"), d: vector("d") };
    return { state, out: ssdScan({ x, dt: rows("dt", heads), b, c, ...vectors }, state, metadata) };
  },
};

function filledState(inputs: CaseInputs, shape: readonly number[]): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return inputs.floats("state", new Float32Array(numSlots * size).fill(slotFill), [numSlots, ...shape]);
}

/** Two requests of 4 and 2 rows in slots 1 and 3, the second one goes on from position 5. */
const honest = (inputs: CaseInputs): StateMetadata => stateMetadata(inputs, [4, 2], [4, 7], [1, 3]);

const { platforms, skipped } = comparedPlatforms();
for (const reason of skipped) console.log(`bad state metadata: skipped ${reason}`);

describe.each(platforms.map((platform) => [platform.label, platform] as const))("%s", (_, { open }) => {
  const platform = open(2);
  afterAll(() => platform.dispose());

  describe.each(Object.entries(recorders))("%s", (_op, record) => {
    it.each(lies)("%s", async (_name, lie, message) => {
      const inputs = new CaseInputs(platform, "bad", 3);
      record(inputs, { ...honest(inputs), ...lie(inputs) });
      const compiled = platform.compile(inputs.program);
      await expect(platform.run([compiled])).rejects.toThrow(message);
      compiled.dispose();
      inputs.dispose();
    });
  });
});

const all = [
  { label: "reference", open: openReference },
  ...platforms.map(({ label, open }) => ({ label, open: () => open(2) })),
];
describe.each(all.map((platform) => [platform.label, platform] as const))("%s", (_, { open }) => {
  const platform = open();
  afterAll(() => platform.dispose());

  it.each(Object.entries(recorders))(
    "%s writes the slots of its requests and no others; rows of nobody are zeros",
    async (_op, record) => {
      const inputs = new CaseInputs(platform, "slots", 3);
      const { state, out } = record(inputs, stateMetadata(inputs, [3, 1], [3, 9], [1, 3]));
      const address = inputs.allocate(out.bytes, "out");
      inputs.program.output(out, address);
      await platform.run([platform.compile(inputs.program)]);
      const values = new Float32Array(state.numElements);
      platform.read(state.storage.address!, new Uint8Array(values.buffer));
      const slots = range(numSlots).map((i) =>
        values.subarray((i * values.length) / numSlots, ((i + 1) * values.length) / numSlots),
      );
      expect(slots.map((slot) => slot.some((value) => value !== slotFill))).toEqual([false, true, false, true, false]);
      expect(values.every(Number.isFinite)).toBe(true);
      const results = new Float32Array(out.numElements);
      platform.read(address, new Uint8Array(results.buffer));
      const width = results.length / 6;
      expect(
        range(6).map((row) => results.subarray(row * width, (row + 1) * width).some((value) => value !== 0)),
      ).toEqual([true, true, true, true, false, false]);
      inputs.dispose();
    },
  );
});

it.skipIf(platforms.length === 0)("runs on the native platform", () => expect(platforms).not.toEqual([]));
