/** Decays of state-space layers: -exp(A_log), computed once while loading. */
import type { Parameter } from "../tensor/parameter.js";
import type { Shape } from "../tensor/shape.js";
import type { Prefix } from "./prefix.js";
import type { Source } from "./source.js";
/**
 * A f32 parameter that becomes -exp of what the checkpoint stores, whatever dtype that has.
 *
 * @param name   full name of the parameter, `….mixer.A_log`
 * @param shape  this rank's
 * @param source of all its rows
 */
export declare function declareDecay(prefix: Prefix, name: string, shape: Shape, source: Source): Parameter;
