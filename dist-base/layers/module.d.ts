import type { Parameter } from "../tensor/parameter.js";
import type { Shape } from "../tensor/shape.js";
import type { Prefix } from "./prefix.js";
/**
 * A module of a model; C is the model's config. Fields are set from top to bottom: one that uses another stands below it.
 * Errors inside `forward` begin with the module's name.
 */
export declare abstract class Module<C = unknown> {
    readonly prefix: Prefix<C>;
    readonly config: C;
    constructor(prefix: Prefix<C>);
    /**
     * A child's prefix: claims the name under this module's. Layers without weights (rotary, attention) need one too.
     * @throws ConfigError that shows both places when a name is taken
     */
    protected at(name: string): Prefix<C>;
    /**
     * A parameter of this module's own, for ops that no layer has: f32, whole on every rank, in plain order.
     * @param name  the end of its name in the checkpoint: "alpha_p"
     * @param shape as in the checkpoint
     * @throws ConfigError when a size is wrong
     */
    protected parameter(name: string, shape: Shape): Parameter;
    /**
     * `count` children `name.0`, `name.1` …, each made by `make` (a class or a function of its prefix and index).
     * @throws ConfigError when count is not an integer from 0
     */
    protected list<M>(name: string, count: number, make: ModuleClass<C, M> | ((prefix: Prefix<C>, index: number) => M)): M[];
}
/** A module class that needs no more than its prefix (and, where it is in a list, its index). */
export type ModuleClass<C, M> = new (prefix: Prefix<C>, index: number) => M;
