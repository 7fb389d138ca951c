/**
 * One run beside the reference. Before each op that is a module of the reference, what goes in is compared and then set to the
 * reference's value; afterwards the same with what comes out. So every module, and every stretch of ops between two
 * modules, is judged alone: a mistake shows where it is made and nowhere else.
 */
import type { ModuleCall } from "../../../layers/model-context.js";
import type { OpRecord, RecordedProgram } from "../../../platform/platform.js";
import type { Tensor } from "../../../tensor/tensor.js";
import type { ConstructedModel } from "../../../worker/load-model.js";
import type { StepVisitor, TracingPlatform } from "../../../worker/tracing-platform.js";
import type { Cause } from "../causes/evidence.js";
import { Evidence } from "../causes/evidence.js";
import { withoutLayers } from "../causes/variants.js";
import { findCause } from "../causes/find-cause.js";
import { referenceEps } from "../causes/leaf.js";
import type { Whereabouts } from "./difference.js";
import { deviation, distance, whereabouts } from "./difference.js";
import type { Dump } from "./dump.js";
import { moduleOf } from "./dump.js";
import type { InnerModule } from "./inner-modules.js";
import { innerModules, isContainer } from "./inner-modules.js";
import type { Leaf } from "./leaves.js";
import { LeafFinder } from "./leaves.js";
import type { Names } from "./names.js";
import { Ancestry, Segment } from "./segment.js";

/** Something that is not as in the reference. */
export interface Finding {
  /**
   * leaf: a module's own arithmetic; inner: a module of several ops, all that goes in is right; glue: what goes into a module,
   * though all before it is right; setting: a number that differs; uncalled: weights that no op uses.
   */
  readonly kind: "leaf" | "inner" | "glue" | "setting" | "uncalled";
  /** Module of the reference that is wrong (leaf) or gets the wrong input (glue); "" the logits. */
  readonly module: string;
  readonly class: string;
  /** Glue: what it is made from, all of it right. */
  readonly after: readonly string[];
  /** The port's modules whose ops lie between, with their ops. */
  readonly between: readonly string[];
  /** Modules on the way that the reference has too, and whether what they give agrees. */
  readonly inside: readonly string[];
  readonly where: Whereabouts | undefined;
  /** Elements of one attention head, where features are heads. */
  readonly headDim: number | undefined;
  readonly cause: Cause | undefined;
  /** Order of the run. */
  readonly index: number;
}

/** What differs by no more than this is rounding. */
const tolerances = { linear: 5e-5, norm: 5e-6, other: 2e-5, attention: 2e-4 };

export interface SessionParts {
  readonly tracing: TracingPlatform;
  readonly constructed: ConstructedModel;
  readonly dump: Dump;
  readonly names: Names;
  /** Calls of the port's modules, filled while steps are recorded. */
  readonly calls: readonly ModuleCall[];
  /** Causes are looked for at this many places; the others are named only. */
  readonly maxCauses: number;
  /** Index of the reference's first call that is not compared. */
  readonly until: number;
}

/** A value that the model named by `tap`. */
export interface TapReport {
  readonly name: string;
  readonly shape: readonly number[];
  readonly std: number;
  /** From the dump's tensor of the same name; undefined where there is none. */
  readonly distance: number | undefined;
}

/** A module's output that a later op makes. */
interface PendingOutput {
  readonly leaf: Leaf;
  readonly record: OpRecord;
  readonly target: Tensor;
}

export class Session implements StepVisitor {
  readonly findings: Finding[] = [];
  /** Modules whose output agreed, given the reference's input. */
  numAgreeing = 0;
  private readonly parts: SessionParts;
  private readonly leaves: LeafFinder;
  private readonly ancestry = new Ancestry();
  private readonly order = new Map<OpRecord, number>();
  private readonly usedModules = new Set<string>();
  /** Values that were wrong where a module took them, with the reference's. */
  private readonly alternatives: { tensor: Tensor; values: Float32Array; label: string }[] = [];
  readonly taps: TapReport[] = [];
  /** Windows of the port that are not shorter than the tokens, by layer. */
  private readonly windows = new Map<number, Set<string>>();
  private current: Leaf[] = [];
  private readonly pending: PendingOutput[] = [];
  private numCauses = 0;
  /** Whether the last value that was wrong is one of the reference's all the same, from another place. */
  private isRightElsewhere = false;
  /** Changes that explained a finding, and places for which none was found, of any layer. */
  private readonly likely = new Set<string>();
  private readonly unexplained = new Set<string>();

  constructor(parts: SessionParts) {
    this.parts = parts;
    this.leaves = new LeafFinder(parts.dump, parts.names, parts.constructed.parameters.declared, parts.until);
  }

  async before(record: OpRecord): Promise<OpRecord | undefined> {
    this.order.set(record, this.order.size);
    this.ancestry.add(record);
    for (const module of this.leaves.modules(record)) this.usedModules.add(module);
    this.current = this.leaves.find(record);
    const input = record.inputs[0];
    if (this.current.length === 0 || !input || input.dtype !== "f32") return undefined;
    const features = input.numElements / input.size(0);
    const judged: Float32Array[] = [];
    let isRight = true;
    for (const leaf of this.current) {
      const key = this.inputKey(leaf.call);
      const wanted = key === undefined ? undefined : this.parts.dump.rows(key, features);
      if (!wanted || judged.some((other) => distance(other, wanted) === 0)) continue;
      judged.push(wanted);
      isRight = (await this.judge({ call: leaf.call, side: "in", target: input, wanted, record })) && isRight;
    }
    const [first] = judged;
    if (!first) return undefined;
    const label = `${this.current[0]!.call}:in`;
    if (isRight) {
      this.parts.tracing.write(input, first);
      this.ancestry.markKnown(input, label);
      return undefined;
    }
    const { tracing } = this.parts;
    const own = tracing.read(input);
    if (!this.isRightElsewhere) {
      tracing.write(input, first);
      this.ancestry.markKnown(input, label);
      this.alternatives.push({ tensor: input, values: own, label });
      return undefined;
    }
    // The value is right, but not here: others go on with it, this module gets the reference's.
    this.alternatives.push({ tensor: input, values: first, label });
    const scratch = tracing.scratch(input.shape, first);
    return { ...record, inputs: [scratch, ...record.inputs.slice(1)] };
  }

  async after(record: OpRecord, program: RecordedProgram): Promise<void> {
    let covered = 0;
    for (const leaf of this.current) {
      const target = this.outputTensor(leaf, record, program);
      if (!target) continue;
      covered += leaf.columns?.length ?? leaf.size;
      this.pending.push({ leaf, record, target });
    }
    const output = record.outputs[0];
    if (output && covered > 0 && covered < output.numElements / output.size(0))
      this.findings.push(this.partly(record, output, covered));
    // A module may be several ops (an embedding and its factor): its output is judged when the last one has run.
    const ready = this.pending.filter(({ target }) => record.outputs.some(({ storage }) => storage === target.storage));
    for (const entry of ready) {
      this.pending.splice(this.pending.indexOf(entry), 1);
      await this.judgeOutput(entry);
    }
    if (this.parts.until === this.parts.dump.calls.length) await this.judgeLogits(record, program);
    this.note(record, program);
  }

  /** Windows, and values with names. */
  private note(record: OpRecord, { taps = [] }: RecordedProgram): void {
    const { dump, tracing } = this.parts;
    const window = record.attributes["slidingWindow"];
    if (typeof window === "number" && window >= dump.ids.length)
      this.windows.set(window, (this.windows.get(window) ?? new Set()).add(record.scope));
    for (const { name, tensor } of taps) {
      if (!record.outputs.some(({ storage }) => storage === tensor.storage) || this.taps.some((t) => t.name === name))
        continue;
      const values = tracing.read(tensor);
      const features = values.length / dump.ids.length;
      const wanted = [name, `${name}:out.0`].map((key) => dump.rows(key, features)).find((rows) => rows !== undefined);
      const apart = wanted && distance(values, wanted);
      this.taps.push({ name, shape: tensor.shape, std: deviation(values), distance: apart });
    }
  }

  /** Windows that are longer than the tokens change nothing here: they are told, not compared. */
  windowNotes(): string[] {
    const { dump } = this.parts;
    const count = dump.ids.length;
    const notes = [...this.windows].map(
      ([window, scopes]) =>
        `windows of ${window} (${[...scopes].slice(0, 3).join(", ")}${scopes.size > 3 ? `, … ${scopes.size} layers` : ""})`,
    );
    const wanted = dump.config["sliding_window"];
    const hasNone =
      notes.length === 0 &&
      typeof wanted === "number" &&
      wanted >= count &&
      dump.config["use_sliding_window"] !== false;
    if (hasNone) notes.push(`sliding_window ${wanted} of the reference's config (the port has no window)`);
    return notes.map((note) => `not compared, because the dump has only ${count} tokens: ${note}`);
  }

  private async judgeOutput({ leaf, record, target }: PendingOutput): Promise<void> {
    const wanted = this.outputOf(leaf);
    if (!wanted) return;
    const isRight = await this.judge({
      call: leaf.call,
      side: "out",
      target,
      columns: leaf.columns,
      wanted,
      record,
      leaf: record,
    });
    if (isRight) this.checkSettings(leaf, record);
    this.forceColumns(target, wanted, leaf);
    this.ancestry.markKnown(target, `${leaf.call}:out`, leaf.columns);
  }

  /** What the port's module of the same name gives, where it is as large; else what the op gives. */
  private outputTensor(leaf: Leaf, record: OpRecord, program: RecordedProgram): Tensor | undefined {
    const own = record.outputs[0];
    if (leaf.columns) return own;
    const named = this.parts.calls.filter(
      ({ name, outputs }) => name === record.scope && (outputs[0]?.owner as unknown) === program,
    );
    // A module may wrap a layer of its own name: the outer one is meant.
    const calls = named.filter(({ module }) => module === named.at(-1)!.module);
    const taking = calls.filter(({ inputs }) => inputs.some(({ storage }) => storage === record.inputs[0]?.storage));
    const [only, ...others] = calls.length === 1 ? calls : taking;
    const given = others.length === 0 && only?.outputs.length === 1 ? only.outputs[0]! : undefined;
    return given &&
      own &&
      given.numElements === own.numElements &&
      this.parts.names.moduleOfPort(record.scope) === moduleOf(leaf.call)
      ? given
      : own;
  }

  /** Modules with weights that the port declares, and the reference calls, but no op of the port uses. */
  uncalled(): Finding[] {
    const { dump, names, constructed } = this.parts;
    const declared = new Map<string, string>();
    for (const { spec } of constructed.parameters.declared)
      for (const { source } of spec.parts) {
        const module = names.moduleOfSource(source.name);
        if (module !== undefined) declared.set(module, spec.name);
      }
    const calls = new Map(dump.calls.slice(0, this.parts.until).map((call, i) => [call, i]));
    const modules = [...declared.keys()].filter((module) => !this.usedModules.has(module) && calls.has(module));
    // Together where nothing that is called stands between them.
    const runs: string[][] = [];
    for (const module of modules.sort((a, b) => calls.get(a)! - calls.get(b)!)) {
      const run = runs.at(-1);
      const between = run ? dump.calls.slice(calls.get(run.at(-1)!)! + 1, calls.get(module)) : [];
      if (run && !between.some((call) => this.leaves.found.has(call))) run.push(module);
      else runs.push([module]);
    }
    return runs.map((run) => {
      const next = dump.calls.slice(calls.get(run.at(-1)!)! + 1).find((call) => this.leaves.found.has(call));
      const parameter = declared.get(run[0]!)!;
      const more = run.length > 1 ? ` (and ${run.length - 1} more modules up to ${run.at(-1)})` : "";
      const text = `never called: the port declares "${parameter}", but no op of its forward uses it; the reference calls ${run[0]}${more}`;
      return this.finding({
        kind: "uncalled",
        call: run[0]!,
        index: this.firstIndexOf(next) - 0.5,
        cause: { text, confirmed: true },
      });
    });
  }

  private readonly leafIndexes = new Map<string, number>();

  private firstIndexOf(call: string | undefined): number {
    return (call === undefined ? undefined : this.leafIndexes.get(call)) ?? this.order.size;
  }

  private inputKey(call: string): string | undefined {
    const keys = this.parts.dump.keys(call).filter((key) => key.includes(":in."));
    return keys.find((key) => /:in\.(0|hidden_states|x|input|inputs)$/.test(key)) ?? keys[0];
  }

  private outputOf(leaf: Leaf): Float32Array | undefined {
    const { dump } = this.parts;
    const key = dump.keys(leaf.call).find((name) => name.includes(":out") && dump.rows(name, leaf.size) !== undefined);
    const rows = key === undefined ? undefined : dump.rows(key, leaf.size);
    if (!rows || !leaf.features) return rows;
    const out = new Float32Array(dump.ids.length * leaf.features.length);
    for (let t = 0; t < dump.ids.length; t++)
      leaf.features.forEach((feature, i) => (out[t * leaf.features!.length + i] = rows[t * leaf.size + feature]!));
    return out;
  }

  private forceColumns(output: Tensor, wanted: Float32Array, leaf: Leaf): void {
    if (!leaf.columns) return this.parts.tracing.write(output, wanted);
    const all = this.parts.tracing.read(output);
    const width = output.numElements / output.size(0);
    const count = leaf.columns.length;
    for (let t = 0; t < output.size(0); t++)
      leaf.columns.forEach((column, i) => (all[t * width + column] = wanted[t * count + i]!));
    this.parts.tracing.write(output, all);
  }

  /** Compares one value; looks for the cause if it is wrong, unless an earlier mistake explains it. Gives whether it is right. */
  private async judge(what: {
    call: string;
    side: "in" | "out";
    target: Tensor;
    columns?: readonly number[] | undefined;
    wanted: Float32Array;
    record: OpRecord;
    leaf?: OpRecord;
  }): Promise<boolean> {
    const { tracing, dump, constructed } = this.parts;
    const { call, side, target, wanted, record, leaf } = what;
    const index = this.order.get(record)!;
    if (!this.leafIndexes.has(call)) this.leafIndexes.set(call, index);
    const { records, known } =
      leaf && record.outputs.some(({ storage }) => storage === target.storage)
        ? { records: [record], known: [] }
        : this.ancestry.isKnown(target)
          ? { records: [], known: this.ancestry.slice([target], () => 0).known }
          : this.ancestry.slice([target], (r) => this.order.get(r)!);
    const segment = new Segment({
      tracing,
      records,
      known,
      target,
      columns: what.columns,
      wanted,
      numTokens: dump.ids.length,
    });
    const tolerance = toleranceOf(records);
    if (segment.distance <= tolerance) {
      if (side === "out") this.numAgreeing++;
      return true;
    }
    if (!leaf && (await this.isConsequence(segment, tolerance))) return true;
    const outer = new Evidence({ segment, dump, constructed, call, side, tolerance });
    this.isRightElsewhere =
      !leaf && outer.neighbours().some(({ values }) => distance(segment.got, values) <= tolerance);
    const inner = leaf ? [] : innerModules(records, this.parts);
    const located = await this.locate(segment, inner, tolerance);
    const place = located?.segment ?? segment;
    const evidence = located
      ? new Evidence({ segment: place, dump, constructed, call: located.module, side: "out", tolerance })
      : outer;
    const cause = await this.causeOf(evidence, leaf);
    this.findings.push(
      this.finding({
        kind: leaf ? "leaf" : located ? "inner" : "glue",
        call: located?.module ?? call,
        index,
        cause,
        after: place.known.flatMap(({ labels }) => labels),
        between: leaf ? [] : betweenOf(place.records),
        inside: located ? [] : inner.map(describeInner),
        where: whereabouts(place.got, place.wanted, dump.ids.length, tolerance),
        headDim: headDimOf(place.records),
      }),
    );
    return false;
  }

  /** Looks for a cause, unless it was looked for in vain at the same place of another layer, or often enough. */
  private async causeOf(evidence: Evidence, leaf: OpRecord | undefined): Promise<Cause | undefined> {
    const { call, side, segment } = evidence;
    const place = withoutLayers([call, side, ...betweenOf(segment.records)].join(" "));
    if (this.unexplained.has(place) || this.numCauses++ >= this.parts.maxCauses) return undefined;
    const found = await findCause(evidence, leaf, this.likely);
    const cause = found?.confirmed === true ? found : (this.repetitionIn(segment) ?? found);
    if (cause?.variant !== undefined) this.likely.add(cause.variant);
    if (!cause) this.unexplained.add(place);
    return cause;
  }

  /** A module that is computed again among a segment's ops. */
  private repetitionIn({ records }: Segment): Cause | undefined {
    const modules = new Set(records.flatMap((record) => this.leaves.repeated.get(record) ?? []));
    if (modules.size === 0) return undefined;
    return { text: `computed again, which the reference does not do: ${[...modules].join(", ")}`, confirmed: true };
  }

  /** Whether a value is right once an earlier wrong one is set right; that one then stays so. */
  private async isConsequence(segment: Segment, tolerance: number): Promise<boolean> {
    const { tracing } = this.parts;
    for (const { tensor, values, label } of [...this.alternatives].reverse()) {
      const { address } = tensor.storage;
      const isHere = (other: Tensor): boolean => other.storage.address === address;
      const maker = segment.records.find(({ outputs }) => outputs.some(isHere));
      if (!maker && !isHere(segment.target) && !segment.known.some((known) => isHere(known.tensor))) continue;
      const own = tracing.read(tensor);
      const correct = (): void => tracing.write(tensor, values);
      const result = await segment.run(maker ? segment.replaced(maker, correct) : [correct, ...segment.records]);
      if (result && distance(result, segment.wanted) <= tolerance) {
        this.ancestry.markKnown(tensor, label);
        return true;
      }
      tracing.write(tensor, own);
      await segment.restore();
    }
    return false;
  }

  private finding(what: Partial<Finding> & { kind: Finding["kind"]; call: string; index: number }): Finding {
    const { call, kind, index, after = [], between = [], inside = [], where, headDim, cause } = what;
    const kindOf = this.parts.dump.classOf(call);
    return { kind, module: call, class: kindOf, after, between, inside, where, headDim, cause, index };
  }

  /**
   * The inner module that alone makes a segment's value wrong, with its own, shorter segment: with the reference's value in its
   * place all is right.
   */
  private async locate(segment: Segment, inner: readonly InnerModule[], tolerance: number) {
    const { tracing, dump } = this.parts;
    for (const { module, output, distance: apart } of inner)
      if (apart <= tolerance) this.ancestry.markKnown(output, `${module}:out`);
    const wrong = inner.find(({ module, distance: apart }) => apart > tolerance && !isContainer(module));
    const maker =
      wrong && segment.records.find(({ outputs }) => outputs.some(({ storage }) => storage === wrong.output.storage));
    if (!wrong || !maker) return undefined;
    const { output: target, wanted } = wrong;
    const result = await segment.run(segment.replaced(maker, () => tracing.write(target, wanted)));
    await segment.restore();
    if (!result || distance(result, segment.wanted) > tolerance) return undefined;
    const { records, known } = this.ancestry.slice([target], (record) => this.order.get(record)!);
    return {
      module: wrong.module,
      segment: new Segment({ tracing, records, known, target, wanted, numTokens: dump.ids.length }),
    };
  }

  /** Numbers that a module of the reference has as a field: they may differ by too little to be seen in a few tokens. */
  private checkSettings(leaf: Leaf, record: OpRecord): void {
    const { dump } = this.parts;
    const own = record.attributes["eps"];
    const wanted = referenceEps(dump, leaf.call);
    if (typeof own !== "number" || wanted === undefined || Math.abs(own - wanted) <= 1e-6 * wanted) return;
    const text = `epsilon ${own} in the port, ${wanted} in the reference; with these tokens too little to be seen`;
    const cause = { text, confirmed: true };
    this.findings.push(this.finding({ kind: "setting", call: leaf.call, index: this.order.get(record)!, cause }));
  }

  private partly(record: OpRecord, output: Tensor, covered: number): Finding {
    const width = output.numElements / output.size(0);
    const text = `${width - covered} of its ${width} output columns come from no module of the reference`;
    return this.finding({
      kind: "setting",
      call: this.current[0]!.call,
      index: this.order.get(record)!,
      cause: { text, confirmed: false },
    });
  }

  /** What the model's computeLogits gives, once it is computed. */
  private async judgeLogits(record: OpRecord, program: RecordedProgram): Promise<void> {
    const call = this.parts.calls.findLast(({ name, method }) => name === "" && method === "computeLogits");
    const logits = call?.outputs[0];
    if (!logits || (logits.owner as unknown) !== program || record.outputs[0]?.storage !== logits.storage) return;
    const wanted =
      this.parts.dump.rows(":out.logits", logits.size(-1)) ?? this.parts.dump.rows(":out.0", logits.size(-1));
    if (wanted && logits.size(0) === this.parts.dump.ids.length)
      await this.judge({ call: "", side: "out", target: logits, wanted, record });
  }
}

function toleranceOf(records: readonly OpRecord[]): number {
  if (records.some(({ op }) => /attention|scan|conv|expert|moe/i.test(op))) return tolerances.attention;
  if (records.some(({ op }) => /linear/i.test(op))) return tolerances.linear;
  return records.length > 0 && records.every(({ op }) => /norm|embedding/i.test(op))
    ? tolerances.norm
    : tolerances.other;
}

function describeInner({ module, distance: apart }: InnerModule): string {
  return `${module} ${apart <= tolerances.attention ? "agrees" : `differs by ${apart.toPrecision(2)}`}`;
}

/** "rotaryEmbedding ×2 (model.layers.0.self_attn.rotary_emb)" */
function betweenOf(records: readonly OpRecord[]): string[] {
  const counts = new Map<string, number>();
  for (const { op, scope } of records) {
    const key = `${op} (${scope || "the model"})`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => (count > 1 ? text.replace(" (", ` ×${count} (`) : text));
}

function headDimOf(records: readonly OpRecord[]): number | undefined {
  const attention = records.findLast(({ attributes }) => typeof attributes["headDim"] === "number");
  return attention && records.at(-1) === attention ? Number(attention.attributes["headDim"]) : undefined;
}
