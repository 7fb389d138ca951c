/** StepMeter: takes the times of one step of a worker. */
import type { SequenceLengths } from "../ops/cost.js";
import { programCosts } from "../ops/cost.js";
import type { CompiledOp, CompiledProgram, OpRecord, Platform, RunTimes, RunTrace } from "../platform/platform.js";
import type { RunTransfers } from "../platform/run-transfers.js";
import type { OpProfile, PhaseTime, WorkerProfile } from "../request/step-profile.js";
import { formatShape } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";

/** A few inputs say which op it is; sampling has ten. */
const MAX_SHAPES = 3;

/** What of an op's profile is the same in every run. */
type OpNames = Pick<OpProfile, "kind" | "scope" | "shapes" | "arithmetic">;

const namesOf = new WeakMap<CompiledOp, OpNames>();

/** Made at a step's start, and in a phase from then on. */
export class StepMeter {
  readonly #sequences: readonly SequenceLengths[];
  readonly #phases: PhaseTime[] = [];
  readonly #runs: { programs: readonly CompiledProgram[]; trace: RunTrace }[] = [];
  #phase: { name: PhaseTime["name"]; startMs: number } | undefined;

  constructor(sequences: readonly SequenceLengths[], startMs: number) {
    this.#sequences = sequences;
    this.#phase = { name: "prepare", startMs };
  }

  /** Ends the phase under way and begins another, or none. */
  enter(name: PhaseTime["name"] | undefined): void {
    const endMs = performance.now();
    if (this.#phase !== undefined) this.#phases.push({ ...this.#phase, endMs });
    this.#phase = name && { name, startMs: endMs };
  }

  /** Runs programs, measured; afterwards the phase is "collect". */
  async run(platform: Platform, programs: readonly CompiledProgram[], transfers?: RunTransfers): Promise<RunTimes> {
    this.enter(undefined);
    const trace = await platform.trace(programs, transfers);
    this.enter("collect");
    this.#runs.push({ programs, trace });
    return trace;
  }

  /** What was measured. Works out costs, so it is called when nobody waits for the step any more. */
  profile(): WorkerProfile {
    const runs = this.#runs.map(({ programs, trace }) => ({
      ...trace,
      ops: programs.flatMap(({ ops }) => opProfiles(ops, this.#sequences)),
    }));
    return { phases: this.#phases, runs };
  }
}

function opProfiles(ops: readonly CompiledOp[], sequences: readonly SequenceLengths[]): OpProfile[] {
  const costs = programCosts(ops, sequences);
  return ops.map((op, i) => {
    let names = namesOf.get(op);
    if (names === undefined) namesOf.set(op, (names = nameOp(op)));
    return { ...names, ...costs[i]! };
  });
}

function nameOp(op: CompiledOp): OpNames {
  const { kernel, records, helps } = op;
  const named = records.find(isProduct) ?? records.at(-1)!;
  const kinds = [...new Set(records.map((record) => record.op))].join("+");
  const matrix = isProduct(named) ? ` ${named.scope.split(".").at(-1)}` : "";
  const kind = helps === true ? kernel : kinds + matrix;
  return { kind, scope: named.scope, shapes: shapesOf(records), arithmetic: isBf16(named) ? "bf16" : "f32" };
}

function isProduct({ op }: OpRecord): boolean {
  return /^(linear|expertLinear|headLinear)(Int8)?$/.test(op);
}

/** Whether a record multiplies bf16 values: by a bf16 weight, an int8 one with bf16 activations, or a bf16 KV cache. */
function isBf16({ op, inputs, attributes }: OpRecord): boolean {
  if (op === "linear" || op === "expertLinear" || op === "headLinear") return inputs[1]!.dtype === "bf16";
  return attributes["activation"] === "bf16" || (op.endsWith("Attention") && attributes["cacheDtype"] === "bf16");
}

function shapesOf(records: readonly OpRecord[]): string {
  const made = new Set(records.flatMap(({ outputs }) => outputs.map(({ storage }) => storage)));
  const inputs = [...new Set(records.flatMap((record) => record.inputs))].filter(({ storage }) => !made.has(storage));
  const show = ({ dtype, shape }: Tensor): string => dtype + formatShape(shape);
  const shown = inputs.slice(0, MAX_SHAPES).map(show);
  if (inputs.length > MAX_SHAPES) shown.push("…");
  return `${shown.join(", ")} -> ${records.at(-1)!.outputs.map(show).join(", ") || "memory"}`;
}
