/**
 * Every case of every table on every platform that is here: within tolerance of the reference platform, and the same bits for
 * a row whatever other rows are computed with it, and on 1, 2 or 3 threads.
 */
import { afterAll, describe, expect, it } from "vitest";
import type { Platform } from "../../src/platform/platform.js";
import { referenceKernels } from "../../src/platform/reference/kernels.js";
import type { OpCase } from "./op-case.js";
import { range } from "./op-case.js";
import { comparedPlatforms, openReference } from "./platforms.js";
import { createRandom, hashText } from "./random.js";
import type { CaseOutput } from "./run-case.js";
import { differenceBeyond, differenceInBits, runCase } from "./run-case.js";
import { loadTables } from "./tables.js";

const tables = await loadTables();
const { platforms, skipped } = comparedPlatforms();
for (const reason of skipped) console.log(`conformance: skipped ${reason}`);

const reference = openReference();
const expectedOutputs = new Map<string, Promise<CaseOutput[]>>();

/** The specification's outputs; computed once for all platforms. */
function expected(op: string, opCase: OpCase): Promise<CaseOutput[]> {
  const key = `${op} ${opCase.name}`;
  let outputs = expectedOutputs.get(key);
  if (!outputs) {
    outputs = runCase(reference, opCase, range(opCase.rows));
    expectedOutputs.set(key, outputs);
  }
  return outputs;
}

/** Other ways to compute rows: alone, in random mixes (runs of neighbours among them), backwards. */
function mixes(opCase: OpCase): number[][] {
  const random = createRandom(hashText(opCase.name));
  const { rows } = opCase;
  const pick = (): number => Math.floor(random() * rows);
  const alone = new Set([0, rows - 1, pick(), pick()]);
  const some = range(rows).filter(() => random() < 0.4);
  const start = pick();
  const run = range(rows).slice(start, start + 1 + Math.floor(random() * (rows - start)));
  const backwards = range(rows).slice(-9).reverse();
  return [[...run, pick(), pick()], some, run, backwards, ...[...alone].map((row) => [row])].filter((m) => m.length);
}

it("has a table for every op of the reference", () => {
  const without = Object.keys(referenceKernels).filter((op) => !tables.some((table) => table.op === op));
  for (const op of without) console.log(`conformance: no cases for ${op}`);
  for (const { op } of tables) expect(Object.keys(referenceKernels)).toContain(op);
});

it("gives every case of a table its own name", () => {
  for (const { op, cases } of tables)
    expect(new Set(cases.map(({ name }) => name)).size, `names of ${op}`).toBe(cases.length);
});

describe.each(platforms.map((platform) => [platform.label, platform] as const))("%s", (_, { open }) => {
  const opened: Platform[] = range(3).map((i) => open(i + 1));
  afterAll(() => opened.forEach((platform) => platform.dispose()));

  describe.each(tables.map((table) => [table.op, table.cases] as const))("%s", (op, cases) => {
    const tested = cases.filter((opCase) => !opCase.benchOnly);
    it.each(tested.map((opCase) => [opCase.name, opCase] as const))("%s", async (_name, opCase) => {
      const all = range(opCase.rows);
      const whole = await runCase(opened[0]!, opCase, all);
      expect(differenceBeyond(whole, await expected(op, opCase), opCase)).toBeUndefined();
      for (const platform of opened.slice(1))
        expect(
          differenceInBits(await runCase(platform, opCase, all), whole, all),
          platform.description,
        ).toBeUndefined();
      if (opCase.rowInvariant === false) return;
      for (const [i, mix] of mixes(opCase).entries()) {
        const part = await runCase(opened[i === 1 || i === 2 ? i : 0]!, opCase, mix);
        expect(differenceInBits(part, whole, mix), `rows ${mix.join(" ")}`).toBeUndefined();
      }
    });
  });
});
