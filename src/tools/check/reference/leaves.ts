/** Which modules of the reference one op of the port computes: a fused layer stands for several, column by column. */
import type { DeclaredParameter } from "../../../layers/parameter-table.js";
import type { SourceView } from "../../../layers/source.js";
import type { OpRecord } from "../../../platform/platform.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { Dump } from "./dump.js";
import type { Names } from "./names.js";

/** A module of the reference, or a part of its output, inside one op of the port. */
export interface Leaf {
  /** Call of the reference: "model.layers.0.self_attn.q_proj". */
  readonly call: string;
  /** Column i of `columns` in the port's output is feature features[i] of the reference's; undefined: all, in order. */
  readonly columns?: readonly number[];
  readonly features?: readonly number[];
  /** Features of the reference's whole output. */
  readonly size: number;
}

/** Ops whose input and output are those of a module that owns their weight. */
const linears = new Set(["linear", "linearInt8"]);
const isNorm = ({ op }: OpRecord): boolean => /norm/i.test(op);

/** Finds leaves record by record; records must come in the order of the run. */
export class LeafFinder {
  private readonly dump: Dump;
  private readonly names: Names;
  private readonly declared: ReadonlyMap<Tensor, DeclaredParameter>;
  private readonly looked: ReadonlySet<string>;
  private readonly timesSeen = new Map<string, number>();
  /** Ops that compute modules of the reference once more than the reference does, with their names. */
  readonly repeated = new Map<OpRecord, string[]>();
  /** Modules of the reference that some op stood for. */
  readonly found = new Set<string>();

  /** @param until index of the first call of the reference that is not looked at */
  constructor(dump: Dump, names: Names, declared: readonly DeclaredParameter[], until: number) {
    this.dump = dump;
    this.looked = new Set(dump.calls.slice(0, until));
    this.names = names;
    this.declared = new Map(declared.map((entry) => [entry.parameter, entry]));
  }

  /** Modules of the reference whose weights a record reads. */
  modules(record: OpRecord): Set<string> {
    const parts = record.inputs.flatMap((input) => this.declared.get(input)?.spec.parts ?? []);
    return new Set(parts.flatMap(({ source }) => this.names.moduleOfSource(source.name) ?? []));
  }

  find(record: OpRecord): Leaf[] {
    const candidates = this.candidates(record);
    for (const { call } of candidates) {
      const module = call.replace(/#\d+$/, "");
      if (call !== module && linears.has(record.op) && this.looked.has(module) && !this.dump.calls.includes(call))
        this.repeated.set(record, [...(this.repeated.get(record) ?? []), module]);
    }
    const leaves = candidates.filter((leaf) => this.looked.has(leaf.call));
    for (const { call } of leaves) this.found.add(call.replace(/#\d+$/, ""));
    return leaves;
  }

  private candidates(record: OpRecord): Leaf[] {
    const output = record.outputs[0];
    if (!output || record.outputs.length !== 1) return [];
    const size = output.numElements / output.size(0);
    if (linears.has(record.op)) {
      const named = this.names.moduleOfPort(record.scope);
      const parts = this.linearParts(record);
      // A tied head multiplies with the embedding's weight: its own name says what it is.
      const isEmbedding = parts?.some(({ module }) => /embedding/i.test(this.dump.classOf(module))) === true;
      if (parts && !(isEmbedding && named !== undefined))
        return parts.map(({ module, ...part }) => this.leaf(module, part));
      return named === undefined || !this.isLeaf(named) ? [] : [this.leaf(named, { size })];
    }
    const modules = [...this.modules(record)];
    const named = this.names.moduleOfPort(record.scope);
    const stepInputs = record.inputs.filter((input) => input.owner !== undefined);
    // An op with a module's weight may still do something else with it: absorb it, or be a part of the module alone.
    const isModule = isNorm(record) || record.op === "embedding" || named === modules[0];
    if (modules.length === 1 && (stepInputs.length === 1 || record.op === "embedding"))
      return isModule && this.isLeaf(modules[0]!) ? [this.leaf(modules[0]!, { size })] : [];
    if (modules.length > 0 || !isNorm(record)) return [];
    return named !== undefined && this.isLeaf(named) ? [this.leaf(named, { size })] : [];
  }

  private isLeaf(module: string): boolean {
    return ![...this.dump.modules.keys()].some((name) => name.startsWith(`${module}.`));
  }

  private leaf(module: string, part: Omit<Leaf, "call">): Leaf {
    const key = `${module}:${part.features?.[0] ?? 0}`;
    const times = (this.timesSeen.get(key) ?? 0) + 1;
    this.timesSeen.set(key, times);
    return { call: times === 1 ? module : `${module}#${times}`, ...part };
  }

  /** Undefined where a row comes from no module of the reference. */
  private linearParts({ inputs }: OpRecord): (Omit<Leaf, "call"> & { module: string })[] | undefined {
    const spec = this.declared.get(inputs[1]!)?.spec;
    if (!spec || spec.parts.length === 0) return undefined;
    const byModule = new Map<string, { columns: number[]; features: number[]; size: number }>();
    for (const { source, rowStart, rowCount } of spec.parts) {
      const module = this.names.moduleOfSource(source.name);
      if (module === undefined || source.shape.length !== 2) return undefined;
      const rows = rowPlaces(source.view(), rowCount);
      const isTransposed = isColumns(source.view(), source.shape[1]!);
      const width = source.shape[1]!;
      let entry = byModule.get(module);
      if (!entry)
        byModule.set(module, (entry = { columns: [], features: [], size: source.shape[isTransposed ? 1 : 0]! }));
      for (const [i, at] of rows.entries()) {
        entry.columns.push(rowStart + i);
        entry.features.push(isTransposed ? at % width : Math.floor(at / width));
      }
    }
    return [...byModule].map(([module, part]) => ({ module, ...part }));
  }
}

/** Index in the source's tensor of each row's first element. */
function rowPlaces({ shape, strides, offset }: SourceView, rowCount: number): number[] {
  let places = [offset];
  for (let d = 0; places.length < rowCount && d < shape.length; d++)
    places = places.flatMap((at) => Array.from({ length: shape[d]! }, (_, i) => at + i * strides[d]!));
  return places;
}

/** Whether the view's rows are columns of the stored matrix. */
function isColumns({ shape, strides }: SourceView, width: number): boolean {
  return shape.at(-1)! > 1 && strides.at(-1)! === width && width > 1;
}
