/** Ops from outside: an architecture brings an operator that Quire lacks. */
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import type { CustomOp, OpArray, OpAttributes, OpCall } from "../platform/custom-op.js";
import { Parameter } from "../tensor/parameter.js";
import type { Shape } from "../tensor/shape.js";
import { formatShape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { ConfigError, QuireError, ShapeError } from "../util/errors.js";
import { messageOf, showValue } from "../util/text.js";
import { checkDType } from "./check.js";
import { opsWithCost } from "./cost.js";
import type { OutputSpec } from "./program.js";
import { programOf } from "./program.js";

export type { OpArray, OpAttributes, OpCall } from "../platform/custom-op.js";

/** What `shape` returns: the shape of the one output, which is f32, or shape and dtype ("f32" or "i32") of each. */
export type OpOutputs = Shape | readonly OutputSpec[];

type Arrays<I extends readonly Tensor[]> = { readonly [K in keyof I]: OpArray };

/** What an op from outside is. I: its inputs, a tuple of tensors; A: its attributes; O: what `shape` returns. */
export interface OpDefinition<I extends readonly Tensor[], A extends OpAttributes, O extends OpOutputs> {
  /** The outputs' shapes; throws ShapeError for inputs that do not fit. Called while a step is recorded: no values are there. */
  shape(inputs: I, attributes: A): O;
  /**
   * Computes the op: the specification. Inputs are dense copies, outputs are zeros to fill. A row's result must depend on that row
   * alone (and on parameters), with its terms added in one order: then requests give the same bits in any batch.
   */
  reference(
    call: OpCall<
      Arrays<I>,
      A,
      O extends readonly OutputSpec[] ? { readonly [K in keyof O]: OpArray } : readonly [OpArray]
    >,
  ): void;
  /** Bytes and operations, for `quire bench --breakdown`; default: every tensor once, one operation an element. */
  cost?: CustomOp["cost"];
  /** Fast code. A platform without any computes the reference, slowly, and says so once. */
  native?: {
    /** A shared library for the CPU: a URL (`new URL("./my-op.so", import.meta.url)`) or an absolute path. */
    cpu?: string | URL;
    /** The function in it; see native/include/quire_op.h. Default: the name's letters, digits and underscores. */
    symbol?: string;
    /** CUDA source, a URL or an absolute path. No platform of this version compiles it. */
    cuda?: string | URL;
  };
}

/** The function that a model calls: the inputs one after the other, then the attributes. */
export type Op<I extends readonly Tensor[], A extends OpAttributes, O extends OpOutputs> = (
  ...args: Record<never, never> extends A ? [...inputs: I, attributes?: A] : [...inputs: I, attributes: A]
) => O extends readonly OutputSpec[] ? { -readonly [K in keyof O]: Tensor } : Tensor;

const defined = new Set<string>();

/**
 * Makes an op of a name, a shape and a reference; it runs on every platform.
 *
 * @param name as it stands in messages and profiles; with the package in front it clashes with nobody's: "my-package/xielu"
 * @param base URL of a module, for paths in `native` that are relative
 * @returns the function that records it. It takes f32 and i32 tensors (views too), and parameters in plain order; it throws
 *   ShapeError for others, and what `shape` throws
 * @throws ConfigError for a name that Quire or another package has, or a definition that is none
 *
 * @example
 * export const squaredRelu = defineOp("my-package/squared-relu", {
 *   shape: ([x]: [Tensor]) => x.shape,
 *   reference({ inputs: [x], outputs: [out] }) {
 *     for (let i = 0; i < out.data.length; i++) out.data[i] = Math.max(0, x.data[i]!) ** 2;
 *   },
 * });
 */
export function defineOp<
  I extends readonly Tensor[],
  A extends OpAttributes = OpAttributes,
  const O extends OpOutputs = Shape,
>(name: string, definition: OpDefinition<I, A, O>, base?: string): Op<I, A, O> {
  const where = `defineOp(${showValue(name)}, …)`;
  if (typeof name !== "string" || name === "")
    throw new ConfigError(`${where}: the name must be a text that is not empty`);
  if (typeof definition?.shape !== "function" || typeof definition.reference !== "function")
    throw new ConfigError(
      `${where}: expected { shape(inputs, attributes) { … }, reference({ inputs, outputs, attributes }) { … } }`,
    );
  if (opsWithCost().includes(name))
    throw new ConfigError(`${where}: Quire has an op of that name; choose another, like "my-package/${name}"`);
  if (defined.has(name))
    throw new ConfigError(
      `${where}: it is defined already; ops keep their name for the life of the process, so define each once, in a module`,
    );
  const { native } = definition;
  const custom: CustomOp = {
    reference: definition.reference.bind(definition) as (call: OpCall) => void,
    native: {
      cpu: pathOf(`${where}: native.cpu`, native?.cpu, base),
      symbol: native?.symbol ?? name.replace(/[^A-Za-z0-9_]+/g, "_"),
      cuda: pathOf(`${where}: native.cuda`, native?.cuda, base),
    },
    cost: definition.cost,
  };
  defined.add(name);
  return ((...args: unknown[]) => record(name, definition as never, custom, args)) as unknown as Op<I, A, O>;
}

function record(
  name: string,
  definition: OpDefinition<readonly Tensor[], OpAttributes, OpOutputs>,
  custom: CustomOp,
  args: unknown[],
): Tensor | Tensor[] {
  const last = args.at(-1);
  const hasAttributes = args.length > 0 && !(last instanceof Tensor);
  const attributes = (hasAttributes ? last : undefined) ?? {};
  const inputs = hasAttributes ? args.slice(0, -1) : args;
  inputs.forEach((input, i) => checkInput(name, i, input));
  for (const [key, value] of Object.entries(attributes))
    if (typeof value !== "string" && !(typeof value === "number" && Number.isFinite(value)))
      throw new ShapeError(`${name}: attribute ${key} must be a number or a text, got ${showValue(value)}`);
  const outputs = shapeOf(name, definition, inputs as Tensor[], attributes as OpAttributes);
  const specs = isShape(outputs) ? [{ shape: outputs, dtype: "f32" as const }] : outputs;
  for (const { shape, dtype } of specs)
    if (!isShape(shape) || shape.length === 0 || (dtype !== "f32" && dtype !== "i32"))
      throw new ShapeError(
        `${name}: shape() must return positive sizes, or a list of { shape, dtype: "f32" | "i32" }, got ${showValue(outputs)}`,
      );
  const tensors = inputs as Tensor[];
  const made = programOf(name, ...tensors).record(name, tensors, specs, { ...attributes } as OpAttributes, custom);
  return isShape(outputs) ? made[0]! : made;
}

function shapeOf(
  name: string,
  definition: OpDefinition<readonly Tensor[], OpAttributes, OpOutputs>,
  inputs: readonly Tensor[],
  attributes: OpAttributes,
): OpOutputs {
  try {
    return definition.shape(inputs, attributes);
  } catch (cause) {
    if (cause instanceof QuireError) throw cause;
    const given = inputs.map(({ dtype, shape }) => `${dtype}${formatShape(shape)}`).join(", ");
    throw new ShapeError(`${name}(${given}): its shape() failed: ${messageOf(cause)}`, { cause });
  }
}

function checkInput(name: string, i: number, input: unknown): void {
  if (!(input instanceof Tensor)) throw new ShapeError(`${name}: input ${i} must be a tensor, got ${showValue(input)}`);
  checkDType(name, `input ${i}`, input, "f32", "i32");
  if (input instanceof Parameter && input.layout !== "rowMajor")
    throw new ShapeError(
      `${name}: parameter ${input.name} lies in an order of the platform's own; declare it with this.parameter(…) in its module`,
    );
}

function isShape(value: OpOutputs): value is Shape {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) > 0);
}

/** @throws ConfigError unless the file is there */
function pathOf(where: string, file: string | URL | undefined, base: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const given = String(file);
  const text = base?.startsWith("file:") === true && !isAbsolute(given) ? new URL(given, base).href : given;
  const path = text.startsWith("file:") ? fileURLToPath(text) : text;
  if (!isAbsolute(path))
    throw new ConfigError(
      `${where}: expected new URL("./my-op.so", import.meta.url) or an absolute path, got ${showValue(text)}`,
    );
  if (!existsSync(path)) throw new ConfigError(`${where}: ${path} is not there; compile it`);
  return path;
}
