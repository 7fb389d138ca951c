/**
 * The errors that Quire throws on purpose. A message says where, what was expected, what came, and what to do.
 * One class per audience; `code` is stable and listed in docs/errors.md.
 */
export declare class QuireError extends Error {
    /** Stable, upper-case identifier, for programs. */
    readonly code: string;
    constructor(code: string, message: string, options?: ErrorOptions);
}
/** An API client's request is wrong: HTTP 400 or 404. `param` names the field. */
export declare class RequestError extends QuireError {
    readonly param: string | null;
    readonly status: number;
    constructor(message: string, options?: ErrorOptions & {
        param?: string;
        status?: number;
        code?: string;
    });
}
/** A flag, an option or config.json is wrong: for whoever starts Quire. */
export declare class ConfigError extends QuireError {
    constructor(message: string, options?: ErrorOptions);
}
/** A checkpoint is damaged, incomplete or does not fit the model: for whoever brings a model. */
export declare class CheckpointError extends QuireError {
    constructor(message: string, options?: ErrorOptions);
}
/** Memory, files or threads are not enough: for the operator. The message carries the arithmetic. */
export declare class ResourceError extends QuireError {
    constructor(message: string, options?: ErrorOptions);
}
/** A known thing that this version, build or machine cannot do. */
export declare class UnsupportedError extends QuireError {
    constructor(message: string, options?: ErrorOptions);
}
/** Tensors do not fit together: for the developer of a model or op. */
export declare class ShapeError extends QuireError {
    constructor(message: string, options?: ErrorOptions);
}
/** A tensor is used outside its program: for the developer of a model or op. */
export declare class LifetimeError extends QuireError {
    constructor(message: string, options?: ErrorOptions);
}
/** The engine died or was shut down; the request did not finish. */
export declare class EngineDeadError extends QuireError {
    constructor(message: string, options?: ErrorOptions);
}
/** The request was aborted by its caller. */
export declare class AbortError extends QuireError {
    constructor(message: string, options?: ErrorOptions);
}
