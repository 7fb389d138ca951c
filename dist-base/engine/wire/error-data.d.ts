/** What is sent of an error. */
export interface ErrorData {
    readonly name: string;
    readonly message: string;
    readonly stack: string | undefined;
    /** Of Quire's errors and of the system's. */
    readonly code: string | undefined;
    /** Of a RequestError. */
    readonly param?: string | null;
    readonly status?: number;
    readonly cause?: ErrorData;
}
/** What was thrown, as data. */
export declare function errorToData(error: unknown, depth?: number): ErrorData;
/** The error again, with the stack of where it was thrown. Those of other classes than Quire's are plain, and keep their name. */
export declare function errorFromData(data: ErrorData): Error;
