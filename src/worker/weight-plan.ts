/** Matches what a model declared with what a checkpoint holds: a list of reads, or every problem at once. Reads no weights. */
import type { TensorInfo } from "../checkpoint/tensor-source.js";
import type { Rename } from "../layers/causal-lm.js";
import type { DeclaredParameter, ParameterPart } from "../layers/parameter-table.js";
import type { SourceView } from "../layers/source.js";
import { blockLayout, isGgufBlockType } from "../tensor/storage-type.js";
import { formatShape, numElements, sameShape } from "../tensor/shape.js";
import { closest } from "../util/closest.js";
import { CheckpointError } from "../util/errors.js";

/** One part of a parameter and the tensor that it is read from. */
export interface PlannedPart {
  readonly part: ParameterPart;
  readonly tensor: TensorInfo;
  readonly view: SourceView;
}

export interface PlannedParameter {
  readonly declared: DeclaredParameter;
  readonly parts: readonly PlannedPart[];
}

export interface WeightPlan {
  readonly parameters: readonly PlannedParameter[];
  /** Tensors of the checkpoint that are left out on purpose. */
  readonly ignored: readonly string[];
  /** Bytes that will be read. */
  readonly bytes: number;
}

/** Buffers that old checkpoints carry and no model needs. */
const alwaysIgnored = [
  /(^|\.)rotary_emb\.inv_freq$/,
  /(^|\.)rotary_pos_emb\.inv_freq$/,
  /\.(attn|attention)\.masked_bias$/,
];
const loadable = new Set(["f32", "f16", "bf16", "f64"]);
/** Problems beyond this many are counted, not listed. */
const maxListed = 40;

export interface WeightRules {
  readonly renames?: readonly Rename[] | undefined;
  readonly ignored?: readonly RegExp[] | undefined;
  /** True where lm_head shares the embedding: the checkpoint's own copy is then left out. */
  readonly tiedHead: boolean;
  /** What a tensor is called in the text model of a multimodal checkpoint, before renames; undefined: it is not part of it. */
  readonly nameOf?: ((name: string) => string | undefined) | undefined;
}

/**
 * @throws CheckpointError listing missing, misshapen, unexpected and duplicate tensors, with both shapes and the closest name
 */
export function planWeights(
  where: string,
  declared: readonly DeclaredParameter[],
  tensors: ReadonlyMap<string, TensorInfo>,
  rules: WeightRules,
): WeightPlan {
  const problems: string[] = [];
  const byName = renamed(tensors, rules, problems);
  const used = new Set<string>();
  const wanted = new Set(declared.flatMap(({ spec }) => spec.parts.map(({ source }) => source.name)));
  const spare = [...byName.keys()].filter((name) => !wanted.has(name));
  const parameters = declared.map((entry) => ({
    declared: entry,
    parts: planParts(entry, byName, spare, used, problems),
  }));
  const ignored = [...alwaysIgnored, ...(rules.ignored ?? []), ...(rules.tiedHead ? [/^lm_head\.weight$/] : [])];
  const unused = [...byName.keys()].filter((name) => !used.has(name));
  for (const name of unused.filter((candidate) => !ignored.some((pattern) => pattern.test(candidate)))) {
    const tensor = byName.get(name)!;
    problems.push(`unexpected tensor "${tensor.name}" ${formatShape(tensor.shape)}: the model has no parameter for it`);
  }
  if (problems.length > 0) throw new CheckpointError(report(where, problems));
  const bytes = parameters.reduce((sum, { parts }) => sum + parts.reduce((s, part) => s + partBytes(part), 0), 0);
  return { parameters, ignored: unused, bytes };
}

/** Bytes of the storage that one part reads. */
export function partBytes({ view, tensor }: PlannedPart): number {
  const { elements, bytes } = blockLayout(tensor.storage);
  return (numElements(view.shape) / elements) * bytes;
}

/** What a model calls a published tensor: the first rule that fits changes the name. */
export function modelName(published: string, renames: readonly Rename[] = []): string {
  const rule = renames.find(([from]) => from.test(published));
  return rule ? published.replace(rule[0], rule[1]) : published;
}

function renamed(
  tensors: ReadonlyMap<string, TensorInfo>,
  { renames = [], nameOf = (name) => name }: WeightRules,
  problems: string[],
): Map<string, TensorInfo> {
  const byName = new Map<string, TensorInfo>();
  for (const tensor of tensors.values()) {
    const published = nameOf(tensor.name);
    if (published === undefined) continue;
    const name = modelName(published, renames);
    const other = byName.get(name);
    if (other) problems.push(`duplicate tensor: "${other.name}" and "${tensor.name}" are both "${name}"`);
    byName.set(name, tensor);
  }
  return byName;
}

/** A tensor that fills many parts of a parameter (a fused projection) is told once. */
function planParts(
  entry: DeclaredParameter,
  byName: ReadonlyMap<string, TensorInfo>,
  spare: readonly string[],
  used: Set<string>,
  problems: string[],
): PlannedPart[] {
  const failed = new Set<string>();
  const planned: PlannedPart[] = [];
  for (const part of entry.spec.parts) {
    if (failed.has(part.source.name)) continue;
    const found = planPart(entry, part, byName, spare, used, problems);
    if (found) planned.push(found);
    else failed.add(part.source.name);
  }
  return planned;
}

function planPart(
  { spec }: DeclaredParameter,
  part: ParameterPart,
  byName: ReadonlyMap<string, TensorInfo>,
  spare: readonly string[],
  used: Set<string>,
  problems: string[],
): PlannedPart | undefined {
  const { source } = part;
  const owner = spec.name.replace(/\.[^.]*$/, "");
  const tensor = byName.get(source.name);
  if (!tensor) {
    // Comparing thousands of names with thousands takes minutes; problems beyond these are counted only.
    const isListed = problems.length < maxListed;
    const near = isListed ? (closest(source.name, spare)[0] ?? closest(source.name, byName.keys())[0]) : undefined;
    problems.push(
      `${owner} needs "${source.name}" ${formatShape(source.shape)}; not in the checkpoint${near ? `; closest: "${near}"` : ""}`,
    );
    return undefined;
  }
  used.add(source.name);
  if (!sameShape(tensor.shape, source.shape)) {
    problems.push(
      `${owner}: "${tensor.name}" must be ${formatShape(source.shape)} by the model, the checkpoint has ${formatShape(tensor.shape)}`,
    );
    return undefined;
  }
  if (!loadable.has(tensor.storage) && !isGgufBlockType(tensor.storage)) {
    problems.push(
      `${owner}: "${tensor.name}" is stored as ${tensor.storage}; weights must be ${[...loadable].join(", ")} or a GGUF type`,
    );
    return undefined;
  }
  const view = source.view();
  const block = blockLayout(tensor.storage).elements;
  const whole =
    view.strides[view.strides.length - 1] === 1 &&
    view.offset % block === 0 &&
    view.shape[view.shape.length - 1]! % block === 0;
  if (block > 1 && !whole) {
    problems.push(
      `${owner}: "${tensor.name}" is stored in blocks of ${block} (${tensor.storage}), which this cut or transposition would break`,
    );
    return undefined;
  }
  return { part, tensor, view };
}

function report(where: string, problems: readonly string[]): string {
  const listed = problems.slice(0, maxListed).map((problem) => `  - ${problem}`);
  if (problems.length > maxListed) listed.push(`  - and ${problems.length - maxListed} more`);
  return `${where}: the checkpoint does not fit the model, ${problems.length} problem${problems.length > 1 ? "s" : ""}:\n${listed.join("\n")}`;
}
