/** A module's full name in the checkpoint, together with the model's config. */
import { ConfigError } from "../util/errors.js";
import type { ModelContext } from "./model-context.js";

/** Knows who it is; makes and claims the names of children. */
export class Prefix<C = unknown> {
  /** Full name: `model.layers.3.self_attn`; empty for the model itself. */
  readonly name: string;
  /** The model's fields of config.json, as its `hfConfig` read them. */
  readonly config: C;
  readonly context: ModelContext;

  constructor(name: string, config: C, context: ModelContext) {
    this.name = name;
    this.config = config;
    this.context = context;
  }

  /**
   * The prefix of a child, `layers.3` or `q_proj`; each name can be claimed once.
   * @throws ConfigError that shows both places when a name is taken
   */
  at(child: string): Prefix<C> {
    const name = this.join(child);
    // Stacks are written out only when they are read.
    const place = new Error();
    const before = this.context.claimed.get(name);
    if (before !== undefined)
      throw new ConfigError(
        `prefix "${name}" is claimed twice: first ${callerOf(before.stack)}, then ${callerOf(place.stack)}; every module needs a name of its own`,
      );
    this.context.claimed.set(name, place);
    return new Prefix(name, this.config, this.context);
  }

  /** `name.child`, without claiming it. */
  join(child: string): string {
    return this.name === "" ? child : `${this.name}.${child}`;
  }

  /** Name of a sibling: `model.layers.0.self_attn.qkv_proj` -> `model.layers.0.self_attn.q_proj`. */
  sibling(name: string): string {
    const dot = this.name.lastIndexOf(".");
    return dot < 0 ? name : `${this.name.slice(0, dot)}.${name}`;
  }
}

/** The first stack line outside this file and module.ts. */
function callerOf(stack: string | undefined): string {
  const lines = (stack ?? "").split("\n").slice(1);
  const line = lines.find((text) => !/[\\/]layers[\\/](prefix|module)\.[jt]s/.test(text));
  return line?.trim() ?? "at an unknown place";
}
