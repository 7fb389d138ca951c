/** Modules of the reference that the port passes by: what a known value becomes when it goes through one of them. */
import type { Tensor } from "../../../tensor/tensor.js";
import { distance } from "../reference/difference.js";
import { moduleOf } from "../reference/dump.js";
import { pickColumns, withColumns } from "../reference/segment.js";
import type { Evidence } from "./evidence.js";
import type { Variant } from "./variants.js";

/** A known value and what a module of the reference makes of it. */
interface Passage {
  readonly text: string;
  readonly tensor: Tensor;
  readonly columns: readonly number[] | undefined;
  readonly output: Float32Array;
}

/** Most passages that are tried in pairs. */
const maxPaired = 6;

/** Variants in which a value that goes into the segment is first what some module of the reference makes of it. */
export function skippedModuleVariants(evidence: Evidence): Variant[] {
  const { tracing, numTokens, records } = evidence.segment;
  const first = records[0];
  if (!first) return [];
  const passages = findPassages(evidence).slice(0, 30);
  const variant = (taken: readonly Passage[]): Variant => {
    const own = new Map(taken.map(({ tensor }) => [tensor, tracing.read(tensor)]));
    const pass = (): void =>
      taken.forEach(({ tensor, columns, output }) =>
        tracing.write(tensor, withColumns(tracing.read(tensor), numTokens, columns, output)),
      );
    return {
      text: taken.map(({ text }) => text).join(", and "),
      changes: new Map([[first, [pass, first]]]),
      kind: "passage",
      undo: () => own.forEach((values, tensor) => tracing.write(tensor, values)),
    };
  };
  // Queries and keys may both lack their norm.
  const few = passages.slice(0, maxPaired);
  const pairs = few.flatMap((a, i) => few.slice(i + 1).map((b) => [a, b]));
  return [...passages.map((passage) => variant([passage])), ...pairs.map(variant)];
}

function findPassages({ segment, dump, call }: Evidence): Passage[] {
  const { tracing, numTokens, known } = segment;
  const own = dump.calls.indexOf(call);
  const near = own < 0 ? dump.calls.slice(-40) : dump.calls.slice(Math.max(0, own - 40), own);
  return known.flatMap(({ tensor, labels, columns: columnsOf }) =>
    labels.flatMap((label) => {
      const columns = columnsOf.get(label);
      const values = pickColumns(tracing.read(tensor), numTokens, columns);
      const features = values.length / numTokens;
      const name = `the ${label.endsWith(":in") ? "input" : "output"} of ${label.replace(/:[^:]*$/, "")}`;
      return near.flatMap((other): Passage[] => {
        if (label.startsWith(`${other}:`)) return [];
        const keys = dump.keys(other);
        const isInput = keys.some((key) => key.includes(":in.") && isSame(dump.rows(key, features), values));
        const output = keys
          .filter((key) => key.includes(":out"))
          .map((key) => dump.rows(key, features))
          .find((rows) => rows !== undefined);
        if (!isInput || !output || distance(output, values) < 1e-6) return [];
        // Of the module that these ops are, its own result says nothing.
        const isOwn = segment.records.some(({ scope }) => scope === other || scope.startsWith(`${other}.`));
        if (isOwn && isSame(output, segment.wanted)) return [];
        return [
          { text: `passing ${name} through ${moduleOf(other)} (${dump.classOf(other)})`, tensor, columns, output },
        ];
      });
    }),
  );
}

function isSame(a: Float32Array | undefined, b: Float32Array): boolean {
  return a !== undefined && distance(a, b) < 1e-5;
}
