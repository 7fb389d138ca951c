/** Errors as clients see them: {"error": {message, type, param, code}}, in vLLM's words. */
import { AbortError, EngineDeadError, QuireError, RequestError } from "../util/errors.js";

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

const TYPES: Readonly<Record<number, string>> = {
  400: "BadRequestError",
  401: "AuthenticationError",
  404: "NotFoundError",
  405: "MethodNotAllowedError",
  408: "RequestTimeoutError",
  413: "RequestTooLargeError",
  415: "UnsupportedMediaTypeError",
  417: "ExpectationFailedError",
  422: "UnprocessableEntityError",
  431: "HeadersTooLargeError",
  499: "ClientClosedRequestError",
  503: "ServiceUnavailableError",
  504: "RequestTimeoutError",
};

export function errorResponse(status: number, message: string, param: string | null = null): ErrorResponse {
  const type = TYPES[status] ?? (status < 500 ? "BadRequestError" : "InternalServerError");
  return { status, body: { error: { message, type, param, code: status } } };
}

/** Status and body for whatever was thrown. Only Quire's own words get out; the rest is "internal server error". */
export function toErrorResponse(error: unknown): ErrorResponse {
  if (error instanceof RequestError) return errorResponse(error.status, error.message, error.param);
  // What it died of is the operator's to know.
  if (error instanceof EngineDeadError)
    return errorResponse(500, `${error.message.split(":")[0]}; the server's log says more`);
  if (error instanceof AbortError) return errorResponse(503, error.message);
  const { statusCode, code, message } = (error ?? {}) as { statusCode?: unknown; code?: unknown; message?: unknown };
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500) {
    return errorResponse(statusCode, fastifyMessage(String(code), String(message)));
  }
  if (error instanceof QuireError) return errorResponse(500, error.message);
  return errorResponse(500, "internal server error; the server's log says more");
}

/** Fastify's own refusals, with what to do. */
function fastifyMessage(code: string, message: string): string {
  switch (code) {
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return "the body must be JSON; send the header Content-Type: application/json";
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return "the body is empty; expected a JSON object";
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return "the body is too large; the limit is --max-body-bytes";
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return "the body is not valid JSON";
    default:
      return message;
  }
}
