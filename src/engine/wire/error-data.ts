/** Errors as plain data: class, code, message and causes cross to the other process and become the same error again. */
import {
  AbortError,
  CheckpointError,
  ConfigError,
  EngineDeadError,
  LifetimeError,
  QuireError,
  RequestError,
  ResourceError,
  ShapeError,
  UnsupportedError,
} from "../../util/errors.js";

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

/** Causes of causes beyond this are left out; a circle ends there too. */
const MAX_CAUSES = 5;

/** Classes whose constructor takes a message and options. */
const CLASSES: Readonly<Record<string, new (message: string, options: ErrorOptions) => QuireError>> = {
  AbortError,
  CheckpointError,
  ConfigError,
  EngineDeadError,
  LifetimeError,
  ResourceError,
  ShapeError,
  UnsupportedError,
};

/** What was thrown, as data. */
export function errorToData(error: unknown, depth = 0): ErrorData {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), stack: undefined, code: undefined };
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return {
    name,
    message,
    stack,
    code: typeof code === "string" ? code : undefined,
    ...(error instanceof RequestError ? { param: error.param, status: error.status } : {}),
    ...(cause === undefined || depth === MAX_CAUSES ? {} : { cause: errorToData(cause, depth + 1) }),
  };
}

/** The error again, with the stack of where it was thrown. Those of other classes than Quire's are plain, and keep their name. */
export function errorFromData(data: ErrorData): Error {
  const error = restored(data);
  if (data.stack !== undefined) error.stack = data.stack;
  return error;
}

function restored({ name, message, code, param, status, cause: from }: ErrorData): Error {
  const options: ErrorOptions = from === undefined ? {} : { cause: errorFromData(from) };
  if (name === "RequestError")
    return new RequestError(message, { ...options, code, status, param: param ?? undefined });
  const ErrorClass = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
  if (ErrorClass !== undefined) return new ErrorClass(message, options);
  if (name === "QuireError") return new QuireError(code ?? "", message, options);
  const error = new Error(message, options);
  error.name = name;
  return code === undefined ? error : Object.assign(error, { code });
}
