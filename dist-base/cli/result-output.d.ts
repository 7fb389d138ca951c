import type { Command } from "commander";
import type { BenchReport } from "../tools/bench/report.js";
/** Adds --json. */
export declare function addJsonFlag(command: Command): void;
/** Prints tables as they come, and the whole result at the end. */
export declare class ResultOutput {
    #private;
    /** @throws UsageError if the file could not be written later */
    constructor(json: string | undefined);
    /** Text for a reader: to standard output, or to standard error when JSON goes there. */
    print(text: string): void;
    /** Writes the report. @throws ResourceError if its file cannot be written */
    finish(benchmark: BenchReport<object, object>["benchmark"], version: string, settings: object, result: object): void;
}
/** Better now than after an hour of measuring. @throws UsageError if no file can be written there */
export declare function checkWritable(flag: string, path: string): void;
