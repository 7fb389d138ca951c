import type { ConstructedModel } from "../../../worker/load-model.js";
import type { Dump } from "./dump.js";
/** Both ways between the reference's names and the port's. */
export interface Names {
    /** The reference's module whose weight a source of the port is; the source's name is a checkpoint name after renames. */
    moduleOfSource(source: string): string | undefined;
    /** The reference's module that a module of the port is, by name alone. */
    moduleOfPort(name: string): string | undefined;
    /** The dump's weights that are not those of the checkpoint: [reference's name, checkpoint's name]. */
    readonly foreign: readonly (readonly [string, string])[];
}
export declare function matchNames(dump: Dump, constructed: ConstructedModel): Names;
