export interface NumberRange {
    /** Smallest allowed value. */
    readonly min?: number;
    /** Largest allowed value. */
    readonly max?: number;
    /** The smallest value itself is not allowed. */
    readonly isAbove?: boolean;
    /** Whether "inf" is a value. */
    readonly allowInfinity?: boolean;
}
/** Reads a whole number. @throws UsageError (in the function that comes back) naming the flag */
export declare function integer(flag: string, range?: NumberRange): (text: string) => number;
/** Reads any number, with `allowInfinity` also "inf". @throws UsageError (in the function that comes back) naming the flag */
export declare function number(flag: string, range?: NumberRange): (text: string) => number;
/** Reads a comma list. @throws UsageError (in the function that comes back) naming the flag */
export declare function listOf<T>(flag: string, item: (text: string) => T): (text: string) => T[];
