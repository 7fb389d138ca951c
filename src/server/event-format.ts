/** How a stream of events is written: OpenAI's completions, or APIs whose events carry names. */
import { errorResponse } from "./error-response.js";
import type { ErrorBody, ErrorResponse } from "./error-response.js";

export interface EventFormat {
  /** One event; ends with an empty line. */
  write(event: object): string;
  /** Events that tell of an error, after which the stream ends. */
  failure(error: ErrorResponse): readonly object[];
  /** What comes after the last event. */
  readonly end: string;
}

/** Data alone, closed by [DONE]. */
export const plainEvents: EventFormat = {
  write: (event) => `data: ${JSON.stringify(event)}\n\n`,
  failure: ({ body }) => [body],
  end: "data: [DONE]\n\n",
};

/** Each event is named by its `type`; the stream just ends. */
export function namedEvents(failure: EventFormat["failure"]): EventFormat {
  return {
    write: (event) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`,
    failure,
    end: "",
  };
}

/** Anthropic's error types, by status. */
const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  504: "timeout_error",
};

/** An error in Anthropic's form, with the members that other errors have besides. */
export interface AnthropicErrorBody {
  readonly type: "error";
  readonly error: ErrorBody["error"];
}

export function anthropicError(status: number, body: ErrorBody): AnthropicErrorBody {
  const type = ANTHROPIC_TYPES[status] ?? (status < 500 ? "invalid_request_error" : "api_error");
  return { type: "error", error: { ...body.error, type } };
}

/** The body of an error answer in the form of the API that the path belongs to. */
export function errorBodyFor(path: string, status: number, body: ErrorBody): ErrorBody | AnthropicErrorBody {
  return /^\/v1\/messages(\/|\?|$)/.test(path) ? anthropicError(status, body) : body;
}

/** The same for an error that is made here. */
export function errorFor(path: string, status: number, message: string): ErrorBody | AnthropicErrorBody {
  return errorBodyFor(path, status, errorResponse(status, message).body);
}
