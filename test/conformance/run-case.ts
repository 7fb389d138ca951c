/** Runs conformance cases on a platform and compares the results. */
import type { Platform } from "../../src/platform/platform.js";
import { numElements } from "../../src/tensor/shape.js";
import { CaseInputs } from "./case-inputs.js";
import type { OpCase } from "./op-case.js";
import { hashText } from "./random.js";

/** One output: row i is values[i * width .. (i + 1) * width]; `bits` are the same bytes. */
export interface CaseOutput {
  readonly width: number;
  readonly values: Float32Array | Int32Array;
  readonly bits: Uint32Array;
}

/** Records the case over `rows`, runs it and reads its outputs. */
export async function runCase(platform: Platform, opCase: OpCase, rows: readonly number[]): Promise<CaseOutput[]> {
  const inputs = new CaseInputs(platform, opCase.name, hashText(opCase.name));
  try {
    const outputs = opCase.record(inputs, rows).map((tensor) => {
      const address = inputs.allocate(tensor.bytes, "output");
      inputs.program.output(tensor, address);
      return { tensor, address };
    });
    const compiled = platform.compile(inputs.program);
    try {
      await platform.run([compiled]);
    } finally {
      compiled.dispose();
    }
    return outputs.map(({ tensor, address }) => {
      const buffer = new ArrayBuffer(tensor.bytes);
      platform.read(address, new Uint8Array(buffer));
      const values = tensor.dtype === "i32" ? new Int32Array(buffer) : new Float32Array(buffer);
      const width = rows.length ? numElements(tensor.shape) / rows.length : 0;
      return { width, values, bits: new Uint32Array(buffer) };
    });
  } finally {
    inputs.dispose();
  }
}

/** Describes the worst element beyond the tolerance, or returns undefined when all are within. */
export function differenceBeyond(
  actual: readonly CaseOutput[],
  expected: readonly CaseOutput[],
  { tolerance, absolute = 0 }: Pick<OpCase, "tolerance" | "absolute">,
): string | undefined {
  const smallest = 2 ** -148; // two steps of the smallest f32 numbers
  if (actual.length !== expected.length) return `${actual.length} outputs, expected ${expected.length}`;
  for (const [n, output] of actual.entries()) {
    const { width, values } = expected[n]!;
    if (output.values.length !== values.length)
      return `output ${n}: ${output.values.length} of ${values.length} values`;
    for (let start = 0; start < values.length; start += width) {
      let scale = 0;
      for (let k = 0; k < width; k++) scale = Math.max(scale, Math.abs(values[start + k]!) || 0);
      for (let k = 0; k < width; k++) {
        const [a, e] = [output.values[start + k]!, values[start + k]!];
        if (
          Object.is(a, e) ||
          a === e ||
          Math.abs(a - e) <= tolerance * scale + (tolerance > 0 ? smallest : 0) + absolute
        )
          continue;
        return `output ${n}, row ${start / width}, element ${k}: ${a}, reference ${e} (row scale ${scale})`;
      }
    }
  }
  return undefined;
}

/** Compares rows of a run over `rows` bit for bit with the same rows of the run over all rows. */
export function differenceInBits(
  part: readonly CaseOutput[],
  whole: readonly CaseOutput[],
  rows: readonly number[],
): string | undefined {
  for (const [n, { width, bits, values }] of part.entries()) {
    for (const [i, row] of rows.entries())
      for (let k = 0; k < width; k++)
        if (bits[i * width + k] !== whole[n]!.bits[row * width + k])
          return `output ${n}, row ${row}, element ${k}: ${values[i * width + k]}, with all rows ${whole[n]!.values[row * width + k]}`;
  }
  return undefined;
}
