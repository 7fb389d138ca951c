/** Base of layers and models. Class fields run after super(prefix), so a class body is the module tree. */
import { Program } from "../ops/program.js";
import type { Step } from "../ops/step.js";
import { Tensor } from "../tensor/tensor.js";
import type { Prefix } from "./prefix.js";

/** A module of a model; C is the model's config. */
export abstract class Module<C = unknown> {
  readonly prefix: Prefix<C>;
  readonly config: C;

  constructor(prefix: Prefix<C>) {
    this.prefix = prefix;
    this.config = prefix.config;
    recordScope(this, prefix.name);
  }

  /** A child's prefix: claims the name under this module's. */
  protected at(name: string): Prefix<C> {
    return this.prefix.at(name);
  }

  /** `count` children `name.0`, `name.1` …, each made by `make` (a class or a function of its prefix and index). */
  protected list<M>(
    name: string,
    count: number,
    make: ModuleClass<C, M> | ((prefix: Prefix<C>, index: number) => M),
  ): M[] {
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

/** Wraps forward and computeLogits so that ops recorded inside carry the module's name, for errors and profiles. */
function recordScope(module: object, name: string): void {
  for (const method of ["forward", "computeLogits"]) {
    const original = (module as Record<string, unknown>)[method];
    if (typeof original !== "function") continue;
    const wrapped = function (this: object, ...args: unknown[]): unknown {
      const program = findProgram(args);
      if (!program || name === "") return original.apply(this, args);
      program.enter(name);
      try {
        return original.apply(this, args);
      } finally {
        program.leave();
      }
    };
    Object.defineProperty(module, method, { value: wrapped, writable: true, configurable: true });
  }
}

function findProgram(args: readonly unknown[]): Program | undefined {
  for (const arg of args) {
    if (arg instanceof Tensor && arg.owner instanceof Program) return arg.owner;
    const program = (arg as Partial<Step> | undefined)?.program;
    if (program instanceof Program) return program;
  }
  return undefined;
}
