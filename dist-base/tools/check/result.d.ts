/** What one check says. */
export interface CheckResult {
    /** "weights", "batch" … */
    readonly name: string;
    readonly status: "ok" | "failed" | "skipped";
    /** What was proved, what is wrong, or why it was left out. */
    readonly detail: string;
    /** What to do about it. */
    readonly remedy?: string;
}
export declare function ok(name: string, detail: string): CheckResult;
export declare function failed(name: string, detail: string, remedy?: string): CheckResult;
export declare function skipped(name: string, detail: string): CheckResult;
