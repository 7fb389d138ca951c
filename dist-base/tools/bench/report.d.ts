/** Where and when figures were taken. */
export interface BenchReport<Settings, Result> {
    readonly benchmark: "latency" | "throughput" | "serve" | "startup";
    /** ISO 8601, UTC. */
    readonly date: string;
    /** Version of Quire. */
    readonly quire: string;
    readonly node: string;
    readonly machine: {
        readonly os: string;
        readonly arch: string;
        readonly cpu: string;
        /** Cores that this process may use. */
        readonly cores: number;
        readonly memoryBytes: number;
    };
    readonly settings: Settings;
    readonly result: Result;
}
export declare function benchReport<Settings, Result>(benchmark: BenchReport<Settings, Result>["benchmark"], quire: string, settings: Settings, result: Result): BenchReport<Settings, Result>;
/** The report as JSON: numbers with six significant digits after the point at most, infinity as "inf". */
export declare function reportJson(report: object): string;
/** @throws ResourceError if the file cannot be written */
export declare function writeResultFile(path: string, text: string): void;
