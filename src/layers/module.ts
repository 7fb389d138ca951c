/** Base of layers and models. Class fields run after super(prefix), so a class body is the module tree. */
import { Program } from "../ops/program.js";
import type { Step } from "../ops/step.js";
import type { Parameter } from "../tensor/parameter.js";
import type { Shape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import type { TensorOwner } from "../tensor/tensor.js";
import { ConfigError, LifetimeError } from "../util/errors.js";
import { checkSizes } from "./check-options.js";
import type { ModuleWatch } from "./model-context.js";
import type { Prefix } from "./prefix.js";
import { Source } from "./source.js";

/**
 * A module of a model; C is the model's config. Fields are set from top to bottom: one that uses another stands below it.
 * Errors inside `forward` begin with the module's name.
 */
export abstract class Module<C = unknown> {
  readonly prefix: Prefix<C>;
  readonly config: C;

  constructor(prefix: Prefix<C>) {
    this.prefix = prefix;
    this.config = prefix.config;
    const { watch } = prefix.context;
    watch?.constructed(prefix.name, this);
    recordScope(this, prefix.name, watch);
  }

  /**
   * A child's prefix: claims the name under this module's. Layers without weights (rotary, attention) need one too.
   * @throws ConfigError that shows both places when a name is taken
   */
  protected at(name: string): Prefix<C> {
    return this.prefix.at(name);
  }

  /**
   * A parameter of this module's own, for ops that no layer has: f32, whole on every rank, in plain order.
   * @param name  the end of its name in the checkpoint: "alpha_p"
   * @param shape as in the checkpoint
   * @throws ConfigError when a size is wrong
   */
  protected parameter(name: string, shape: Shape): Parameter {
    checkSizes(this.prefix, Object.fromEntries(shape.map((size, i) => [`dimension ${i} of ${name}`, size])));
    const full = this.prefix.join(name);
    return this.prefix.context.parameters.declare({
      name: full,
      shape,
      dtype: "f32",
      layout: "rowMajor",
      parts: [{ source: new Source(full, shape), rowStart: 0, rowCount: shape[0]! }],
    });
  }

  /**
   * `count` children `name.0`, `name.1` …, each made by `make` (a class or a function of its prefix and index).
   * @throws ConfigError when count is not an integer from 0
   */
  protected list<M>(
    name: string,
    count: number,
    make: ModuleClass<C, M> | ((prefix: Prefix<C>, index: number) => M),
  ): M[] {
    if (!Number.isSafeInteger(count) || count < 0)
      throw new ConfigError(
        `${this.prefix.join(name)}: the number of layers must be an integer from 0, got ${count}; ` +
          "if it comes from config.json, declare it in hfConfig",
      );
    return Array.from({ length: count }, (_, i) => {
      const prefix = this.at(`${name}.${i}`);
      return isClass(make) ? new make(prefix, i) : make(prefix, i);
    });
  }
}

/** A module class that needs no more than its prefix (and, where it is in a list, its index). */
export type ModuleClass<C, M> = new (prefix: Prefix<C>, index: number) => M;

function isClass<C, M>(make: ModuleClass<C, M> | ((prefix: Prefix<C>, index: number) => M)): make is ModuleClass<C, M> {
  return (make as { prototype?: unknown }).prototype instanceof Module;
}

/** Wraps forward and computeLogits so that ops recorded inside, and errors, carry the module's name. */
function recordScope(module: object, name: string, watch: ModuleWatch | undefined): void {
  const where = name === "" ? module.constructor.name : name;
  for (const method of ["forward", "computeLogits"]) {
    let original = (module as Record<string, unknown>)[method];
    if (typeof original !== "function") continue;
    if (watch) original = watched(original, name, method, watch);
    const call = original as (...args: unknown[]) => unknown;
    const wrapped = function (this: object, ...args: unknown[]): unknown {
      try {
        const program = programOfArguments(args);
        if (!program || name === "") return call.apply(this, args);
        program.enter(name);
        try {
          return call.apply(this, args);
        } finally {
          program.leave();
        }
      } catch (error) {
        throw located(error, where);
      }
    };
    Object.defineProperty(module, method, { value: wrapped, writable: true, configurable: true });
  }
}

/** The same function, which tells the watch of every call. */
function watched(original: Function, name: string, method: string, watch: ModuleWatch) {
  return function (this: object, ...args: unknown[]): unknown {
    const result: unknown = original.apply(this, args);
    watch.called({ name, method, module: this, inputs: tensorsIn(args), outputs: tensorsIn([result]) });
    return result;
  };
}

/** Tensors in a list of arguments: in lists too, and of a step its token ids and positions. */
function tensorsIn(values: readonly unknown[]): Tensor[] {
  return values.flatMap((value) => {
    if (value instanceof Tensor) return [value];
    if (Array.isArray(value)) return tensorsIn(value);
    const { inputIds, positions } = (value ?? {}) as Partial<Step>;
    return tensorsIn([inputIds, positions].filter((tensor) => tensor instanceof Tensor));
  });
}

const locatedErrors = new WeakSet<Error>();

/** Puts the innermost module's name in front of the message, once. */
function located(error: unknown, where: string): unknown {
  if (!(error instanceof Error) || locatedErrors.has(error)) return error;
  locatedErrors.add(error);
  const { message, stack } = error;
  if (message.includes(where)) return error;
  error.message = `${where}: ${message}`;
  // V8 wrote the stack when the error was made.
  if (stack !== undefined) error.stack = stack.replace(message, () => error.message);
  return error;
}

/** The one program that all arguments belong to. @throws LifetimeError when one of them is from another step */
function programOfArguments(args: readonly unknown[]): Program | undefined {
  let first: { owner: TensorOwner; what: unknown } | undefined;
  for (const arg of args) {
    const what = arg instanceof Tensor ? arg : "step";
    const owner = arg instanceof Tensor ? arg.owner : (arg as Partial<Step> | undefined)?.program;
    if (!(owner instanceof Program)) continue;
    if (first !== undefined && first.owner !== owner)
      throw new LifetimeError(
        `its arguments are from two steps: ${first.what} belongs to program "${first.owner.label}", ` +
          `${what} to "${owner.label}"; tensors live for one step: keep none in fields`,
      );
    first ??= { owner, what };
  }
  return first?.owner as Program | undefined;
}
