import type { ModelContext } from "./model-context.js";
/** Knows who it is; makes and claims the names of children. */
export declare class Prefix<C = unknown> {
    /** Full name: `model.layers.3.self_attn`; empty for the model itself. */
    readonly name: string;
    /** The model's fields of config.json, as its `hfConfig` read them. */
    readonly config: C;
    readonly context: ModelContext;
    constructor(name: string, config: C, context: ModelContext);
    /**
     * The prefix of a child, `layers.3` or `q_proj`; each name can be claimed once.
     * @throws ConfigError that shows both places when a name is taken
     */
    at(child: string): Prefix<C>;
    /** `name.child`, without claiming it. */
    join(child: string): string;
    /** Name of a sibling: `model.layers.0.self_attn.qkv_proj` -> `model.layers.0.self_attn.q_proj`. */
    sibling(name: string): string;
}
