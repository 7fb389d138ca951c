/** Metadata that lies about rows, lengths or blocks ends in an error that says so: no crash, no memory that was not given. */
import { afterAll, describe, expect, it } from "vitest";
import { pagedAttention, writeKVCache } from "../../src/ops/attention.js";
import { gatherRows } from "../../src/ops/gather-rows.js";
import { rotaryEmbedding } from "../../src/ops/rotary-embedding.js";
import type { AttentionMetadata } from "../../src/ops/step.js";
import type { AttentionSpec } from "./attention-inputs.js";
import { AttentionInputs } from "./attention-inputs.js";
import { CaseInputs } from "./case-inputs.js";
import { range } from "./op-case.js";
import { comparedPlatforms } from "./platforms.js";

const spec: AttentionSpec = {
  numHeads: 4,
  numKvHeads: 2,
  headDim: 16,
  blockSize: 16,
  dtype: "bf16",
  lengths: [20, 3],
};

type Lie = (inputs: CaseInputs) => Partial<AttentionMetadata>;
const lies: readonly (readonly [string, Lie, RegExp])[] = [
  ["more requests than there is room for", (i) => ({ numSeqs: i.ints("lie", [99]) }), /numSeqs/],
  ["a negative number of requests", (i) => ({ numSeqs: i.ints("lie", [-1]) }), /numSeqs/],
  ["rows beyond the last", (i) => ({ queryStartLoc: i.ints("lie", [0, 20, 1000, 0]) }), /queryStartLoc/],
  ["rows that go back", (i) => ({ queryStartLoc: i.ints("lie", [0, 20, 5, 0]) }), /queryStartLoc/],
  ["rows before the first", (i) => ({ queryStartLoc: i.ints("lie", [-4, 20, 23, 0]) }), /queryStartLoc/],
  ["a sequence shorter than its rows", (i) => ({ seqLens: i.ints("lie", [3, 3, 0]) }), /shorter/],
  ["a sequence beyond its block table", (i) => ({ seqLens: i.ints("lie", [2 ** 30, 3, 0]) }), /longer/],
  [
    "a block that does not exist",
    (i) => ({
      blockTable: i.ints(
        "lie",
        range(9).map(() => 77),
        [3, 3],
      ),
    }),
    /block/,
  ],
  [
    "a negative block",
    (i) => ({
      blockTable: i.ints(
        "lie",
        range(9).map(() => -5),
        [3, 3],
      ),
    }),
    /block/,
  ],
];

const { platforms, skipped } = comparedPlatforms();
for (const reason of skipped) console.log(`bad metadata: skipped ${reason}`);

describe.each(platforms.map((platform) => [platform.label, platform] as const))("%s", (_, { open }) => {
  const platform = open(2);
  afterAll(() => platform.dispose());

  /** Records, runs, and expects the run to fail with `message`. */
  async function expectFailure(record: (inputs: CaseInputs) => void, message: RegExp): Promise<void> {
    const inputs = new CaseInputs(platform, "bad", 3);
    record(inputs);
    const compiled = platform.compile(inputs.program);
    await expect(platform.run([compiled])).rejects.toThrow(message);
    compiled.dispose();
    inputs.dispose();
  }

  it.each(lies)("pagedAttention: %s", (_name, lie, message) =>
    expectFailure((inputs) => {
      const attention = new AttentionInputs(inputs, spec);
      attention.write();
      const metadata = { ...attention.metadata(range(23)), ...lie(inputs) };
      pagedAttention(attention.states("q", range(23)), attention.cache, metadata, { scale: 1 });
    }, message),
  );

  it("writeKVCache: a slot beyond the cache", () =>
    expectFailure((inputs) => {
      const attention = new AttentionInputs(inputs, spec);
      const metadata = { ...attention.metadata(range(2)), slotMapping: inputs.ints("lie", [0, 2 ** 30]) };
      writeKVCache(attention.states("k", range(2)), attention.states("v", range(2)), attention.cache, metadata);
    }, /slot/));

  it.each([7, -1])("gatherRows: row %s of 7", (row) =>
    expectFailure((inputs) => {
      gatherRows(inputs.rows("x", range(7), 5), inputs.ints("rows", [0, row]));
    }, /row/),
  );

  it.each([32, -1])("rotaryEmbedding: position %s of 32", (position) =>
    expectFailure((inputs) => {
      const table = inputs.parameter("cosSin", [32, 8]);
      const x = inputs.rows("x", range(1), 8).splitLast(1, 8);
      rotaryEmbedding(inputs.ints("positions", [position]), x, table, "neox");
    }, /position/),
  );

  it("runs on after a failure", async () => {
    const inputs = new CaseInputs(platform, "good", 3);
    const out = gatherRows(inputs.rows("x", range(7), 5), inputs.ints("rows", [6]));
    const address = inputs.allocate(out.bytes, "out");
    inputs.program.output(out, address);
    await platform.run([platform.compile(inputs.program)]);
    const values = new Float32Array(5);
    platform.read(address, new Uint8Array(values.buffer));
    expect(values.every((value) => value !== 0)).toBe(true);
    inputs.dispose();
  });
});

it.skipIf(platforms.length === 0)("runs on the native platform", () => expect(platforms).not.toEqual([]));
