/** What the worker needs from a text-generation model. */
import type { HfConfig } from "../config/hf-config.js";
import type { Step } from "../ops/step.js";
import { vocabRange } from "../parallel/sharding.js";
import { Tensor } from "../tensor/tensor.js";
import type { TensorOwner } from "../tensor/tensor.js";
import { LifetimeError, ShapeError } from "../util/errors.js";
import { Module } from "./module.js";
import type { Prefix } from "./prefix.js";

/** Base class of text-generation models. What the two methods return is checked. */
export abstract class CausalLM<C = unknown> extends Module<C> {
  constructor(prefix: Prefix<C>) {
    super(prefix);
    const { forward, computeLogits } = this;
    const { vocabSize } = prefix.config as { vocabSize?: unknown };
    const columns = typeof vocabSize === "number" ? vocabRange(vocabSize, prefix.context.parallel).count : undefined;
    const name = this.constructor.name;
    this.forward = (step) => {
      const hidden = forward.call(this, step);
      checkResult(`${name}.forward: hidden states`, hidden, step.inputIds.size(0), undefined, step.program);
      return hidden;
    };
    this.computeLogits = (rows) => {
      const logits = computeLogits.call(this, rows);
      checkResult(`${name}.computeLogits: logits`, logits, rows.size(0), columns, rows.owner);
      return logits;
    };
  }

  /** Flattened tokens of all requests -> hidden states [numTokens, hiddenSize] f32. */
  abstract forward(step: Step): Tensor;
  /** Rows to be sampled, [numRows, hiddenSize] f32 -> logits [numRows, vocabSize] f32. */
  abstract computeLogits(rows: Tensor): Tensor;
}

/** @throws ShapeError or LifetimeError unless `result` is what the worker goes on with */
function checkResult(
  what: string,
  result: unknown,
  rows: number,
  columns: number | undefined,
  program: TensorOwner | undefined,
): void {
  const wanted = `${what} must be [${rows}, ${columns ?? "hiddenSize"}] f32`;
  if (!(result instanceof Tensor)) throw new ShapeError(`${wanted}, got ${String(result)}; does it return a tensor?`);
  if (result.owner !== program)
    throw new LifetimeError(
      `${what} are not of this step's program "${program?.label}", but of ${result.owner ? `"${result.owner.label}"` : "none"}: ` +
        `${result}; tensors live for one step: keep none in fields`,
    );
  const { shape, dtype } = result;
  const fits = shape.length === 2 && shape[0] === rows && (columns === undefined || shape[1] === columns);
  if (!fits || dtype !== "f32") throw new ShapeError(`${wanted}, got ${result}`);
}

/** A checkpoint name and what it becomes; the first rule that matches is used. */
export type Rename = readonly [from: RegExp, to: string];

/** A model's class, with what the loader must know before it constructs one. Any config type fits. */
export interface CausalLMClass {
  new (prefix: Prefix<never>): CausalLM<unknown>;
  readonly config: HfConfig<unknown>;
  /** Checkpoint names that differ from the module tree's. */
  readonly renames?: readonly Rename[];
  /** Checkpoint tensors that the model does not use. */
  readonly ignored?: readonly RegExp[];
  /** The same, where the config says which. */
  readonly ignoredBy?: (config: never) => readonly RegExp[];
  /**
   * "tolerance" where log-probabilities of a request may differ in the last digits with its neighbours or the cuts of its
   * prompt; default: they are the same bits.
   */
  readonly invariance?: "tolerance";
}
