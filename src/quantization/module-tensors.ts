/** The tensors of one quantized module, checked: names, shapes, types; all problems of a checkpoint are told at once. */
import type { TensorInfo } from "../checkpoint/tensor-source.js";
import type { DType } from "../tensor/dtype.js";
import { formatShape } from "../tensor/shape.js";
import type { Shape } from "../tensor/shape.js";
import { CheckpointError } from "../util/errors.js";

/** Problems beyond this many are counted, not listed. */
const maxListed = 40;

/** Collects what is wrong with a checkpoint's quantized tensors. */
export class SchemeProblems {
  private readonly scheme: string;
  private readonly lines: string[] = [];

  constructor(scheme: string) {
    this.scheme = scheme;
  }

  add(line: string): void {
    this.lines.push(line);
  }

  /** @throws CheckpointError with all of them */
  throwIfAny(): void {
    const { lines } = this;
    if (lines.length === 0) return;
    const listed = lines.slice(0, maxListed).map((line) => `  - ${line}`);
    if (lines.length > maxListed) listed.push(`  - and ${lines.length - maxListed} more`);
    throw new CheckpointError(`${this.scheme} checkpoint: ${lines.length} problems\n${listed.join("\n")}`);
  }
}

/** One module's tensors by the ends of their names. */
export class ModuleTensors {
  /** Full name: `model.layers.0.self_attn.q_proj`. */
  readonly module: string;
  private readonly tensors: ReadonlyMap<string, TensorInfo>;
  private readonly problems: SchemeProblems;

  constructor(module: string, tensors: ReadonlyMap<string, TensorInfo>, problems: SchemeProblems) {
    this.module = module;
    this.tensors = tensors;
    this.problems = problems;
  }

  /** The tensor, if it is there. */
  find(end: string): TensorInfo | undefined {
    return this.tensors.get(`${this.module}.${end}`);
  }

  /** A tensor that must be there; undefined, and told, where it is not or is another than expected. */
  need(end: string, types: readonly DType[], shape?: Shape | readonly Shape[]): TensorInfo | undefined {
    const tensor = this.find(end);
    if (tensor === undefined) {
      this.problems.add(`${this.module} needs "${this.module}.${end}", which is not in the checkpoint`);
      return undefined;
    }
    return this.check(tensor, types, shape) ? tensor : undefined;
  }

  /** Tells what is wrong with a tensor; true if nothing is. */
  check(tensor: TensorInfo, types: readonly DType[], shape?: Shape | readonly Shape[]): boolean {
    if (!(types as readonly string[]).includes(tensor.storage)) {
      this.problems.add(`"${tensor.name}" is stored as ${tensor.storage}; must be ${types.join(" or ")}`);
      return false;
    }
    if (shape === undefined) return true;
    const shapes = (Array.isArray(shape[0]) ? shape : [shape]) as readonly Shape[];
    const fits = shapes.some((one) => one.length === tensor.shape.length && one.every((n, i) => n === tensor.shape[i]));
    if (!fits)
      this.problems.add(
        `"${tensor.name}" must be ${shapes.map(formatShape).join(" or ")}; is ${formatShape(tensor.shape)}`,
      );
    return fits;
  }

  /** Says what is wrong with the module itself. */
  complain(what: string): undefined {
    this.problems.add(`${this.module}: ${what}`);
    return undefined;
  }
}

/** Names of the modules that have a tensor with this end. */
export function modulesWith(tensors: ReadonlyMap<string, TensorInfo>, end: string): string[] {
  const suffix = `.${end}`;
  return [...tensors.keys()].filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length));
}
