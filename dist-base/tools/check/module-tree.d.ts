/** The module tree of a model, as it was constructed, with equal layers folded. */
import type { DeclaredParameter } from "../../layers/parameter-table.js";
/** A module that was constructed. */
export interface BuiltModule {
    /** Full name; empty for the model itself. */
    readonly name: string;
    readonly class: string;
}
export interface TreeNode {
    /** Last part of the name: "q_norm"; "layers.0" for an item of a list. */
    readonly name: string;
    readonly fullName: string;
    /** Undefined for a name that only groups others. */
    readonly class: string | undefined;
    readonly parameters: readonly DeclaredParameter[];
    readonly children: readonly TreeNode[];
}
/** Modules in the order of construction, put below each other by their names. */
export declare function moduleTree(modules: readonly BuiltModule[], declared: readonly DeclaredParameter[]): TreeNode;
/** Lines for a terminal; items of a list that are alike are one entry. */
export declare function formatTree(root: TreeNode): string[];
