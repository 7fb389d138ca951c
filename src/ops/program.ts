/** A program: the list of ops that one step records. Nothing is computed while it is recorded. */
import type { CustomOp } from "../platform/custom-op.js";
import type { OpRecord } from "../platform/platform.js";
import type { DType } from "../tensor/dtype.js";
import { dtypeBytes } from "../tensor/dtype.js";
import type { Shape } from "../tensor/shape.js";
import { numElements } from "../tensor/shape.js";
import { createStorage, Tensor } from "../tensor/tensor.js";
import { LifetimeError } from "../util/errors.js";
import type { Step } from "./step.js";

export interface OutputSpec {
  shape: Shape;
  dtype: DType;
}

/** Records ops in order. Tensors that it makes belong to it alone; using them in another program throws. */
export class Program {
  readonly label: string;
  readonly records: OpRecord[] = [];
  /** Values that were given a name, by `tap`. */
  readonly taps: { readonly name: string; readonly tensor: Tensor }[] = [];
  /** The step that is being recorded; layers reach KV caches and attention metadata through it. */
  step: Step | undefined;
  private readonly scopes: string[] = [];

  constructor(label: string) {
    this.label = label;
  }

  /** Name of the module that is recording. */
  get scope(): string {
    return this.scopes[this.scopes.length - 1] ?? "";
  }

  enter(scope: string): void {
    this.scopes.push(scope);
  }

  leave(): void {
    this.scopes.pop();
  }

  /** A value that is written from outside before each run, at a fixed address: token ids, positions, block tables. */
  input(label: string, shape: Shape, dtype: DType, address: number): Tensor {
    return new Tensor(
      createStorage("external", numElements(shape) * dtypeBytes[dtype], label, address),
      shape,
      dtype,
      this,
    );
  }

  /**
   * Appends one record and returns its outputs, dense tensors of this program.
   * @throws LifetimeError if an input belongs to another program
   */
  record(
    op: string,
    inputs: readonly Tensor[],
    outputs: readonly OutputSpec[],
    attributes: OpRecord["attributes"] = {},
    custom?: CustomOp,
  ): Tensor[] {
    for (const input of inputs) {
      if (input.owner !== undefined && input.owner !== this)
        throw new LifetimeError(
          `${op} in ${this.scope || this.label}: ${input} belongs to program "${input.owner.label}", not to "${this.label}"; ` +
            "step tensors live for one step: keep none in fields",
        );
    }
    const made = outputs.map(
      ({ shape, dtype }) =>
        new Tensor(createStorage("step", numElements(shape) * dtypeBytes[dtype], op), shape, dtype, this),
    );
    this.records.push({ op, inputs, outputs: made, attributes, scope: this.scope, custom });
    return made;
  }

  /**
   * Makes the value of `tensor` land at a fixed address, to be read after the run or by a following program.
   * Must be a whole dense tensor that an op of this program made.
   */
  output(tensor: Tensor, address: number): void {
    if (
      tensor.owner !== this ||
      tensor.storage.kind !== "step" ||
      !tensor.isDense ||
      tensor.bytes !== tensor.storage.bytes
    )
      throw new LifetimeError(
        `output of "${this.label}": ${tensor} is not a whole tensor made by an op of this program`,
      );
    tensor.storage.address = address;
  }
}

/** The program of the first of `tensors` that has one. @throws LifetimeError if none has */
export function programOf(op: string, ...tensors: readonly Tensor[]): Program {
  for (const tensor of tensors) if (tensor.owner instanceof Program) return tensor.owner;
  throw new LifetimeError(`${op}: none of its inputs belongs to a program; ops take at least one tensor of the step`);
}
