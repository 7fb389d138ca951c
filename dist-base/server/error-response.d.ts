/** The body of every answer that is an error. */
export interface ErrorBody {
    readonly error: {
        readonly message: string;
        readonly type: string;
        /** The request's field that is wrong. */
        readonly param: string | null;
        /** The HTTP status again. */
        readonly code: number;
    };
}
export interface ErrorResponse {
    readonly status: number;
    readonly body: ErrorBody;
}
export declare function errorResponse(status: number, message: string, param?: string | null): ErrorResponse;
/** Status and body for whatever was thrown. Only Quire's own words get out; the rest is "internal server error". */
export declare function toErrorResponse(error: unknown): ErrorResponse;
