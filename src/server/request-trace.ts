/** What the records say of an HTTP request: where it came in, and its caller's trace. */
import type { FastifyRequest } from "fastify";
import type { RequestTrace } from "../engine/stats-listener.js";

/** A longer header is passed over. */
const MAX_LENGTH = 512;

export function requestTrace(request: FastifyRequest): RequestTrace {
  const endpoint = request.routeOptions.url;
  const traceparent = shortHeader(request, "traceparent");
  const tracestate = shortHeader(request, "tracestate");
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
  };
}

function shortHeader(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" && value.length <= MAX_LENGTH ? value : undefined;
}
