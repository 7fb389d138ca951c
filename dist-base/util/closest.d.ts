/** Names near to a mistyped one, for "did you mean" in errors. */
/** Number of single-character edits (insert, delete, replace) between a and b. */
export declare function editDistance(a: string, b: string): number;
/** The up to `count` names closest to `name`, best first; names that share nothing are left out. */
export declare function closest(name: string, names: Iterable<string>, count?: number): string[];
