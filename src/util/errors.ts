/**
 * The errors that Quire throws on purpose. A message says where, what was expected, what came, and what to do.
 * One class per audience; `code` is stable and listed in docs/errors.md.
 */
export class QuireError extends Error {
  /** Stable, upper-case identifier, for programs. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** An API client's request is wrong: HTTP 400 or 404. `param` names the field. */
export class RequestError extends QuireError {
  readonly param: string | null;
  readonly status: number;

  constructor(message: string, options: ErrorOptions & { param?: string; status?: number; code?: string } = {}) {
    super(options.code ?? "INVALID_REQUEST", message, options);
    this.param = options.param ?? null;
    this.status = options.status ?? 400;
  }
}

/** A flag, an option or config.json is wrong: for whoever starts Quire. */
export class ConfigError extends QuireError {
  constructor(message: string, options?: ErrorOptions) {
    super("CONFIG", message, options);
  }
}

/** A checkpoint is damaged, incomplete or does not fit the model: for whoever brings a model. */
export class CheckpointError extends QuireError {
  constructor(message: string, options?: ErrorOptions) {
    super("CHECKPOINT", message, options);
  }
}

/** Memory, files or threads are not enough: for the operator. The message carries the arithmetic. */
export class ResourceError extends QuireError {
  constructor(message: string, options?: ErrorOptions) {
    super("RESOURCE", message, options);
  }
}

/** A known thing that this version, build or machine cannot do. */
export class UnsupportedError extends QuireError {
  constructor(message: string, options?: ErrorOptions) {
    super("UNSUPPORTED", message, options);
  }
}

/** Tensors do not fit together: for the developer of a model or op. */
export class ShapeError extends QuireError {
  constructor(message: string, options?: ErrorOptions) {
    super("SHAPE", message, options);
  }
}

/** A tensor is used outside its program: for the developer of a model or op. */
export class LifetimeError extends QuireError {
  constructor(message: string, options?: ErrorOptions) {
    super("LIFETIME", message, options);
  }
}

/** The engine died or was shut down; the request did not finish. */
export class EngineDeadError extends QuireError {
  constructor(message: string, options?: ErrorOptions) {
    super("ENGINE_DEAD", message, options);
  }
}

/** The request was aborted by its caller. */
export class AbortError extends QuireError {
  constructor(message: string, options?: ErrorOptions) {
    super("ABORTED", message, options);
  }
}
