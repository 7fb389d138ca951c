/** HttpMetrics: requests by endpoint, method and status, their sizes and durations, as prometheus-fastapi-instrumentator names them. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Counter } from "./counter.js";
import { HTTP_DEFINITIONS } from "./definitions.js";
import { Histogram } from "./histogram.js";
import type { Metric } from "./metric.js";

/** What probes and scrapes call is not counted. */
const EXCLUDED: ReadonlySet<string> = new Set(["/metrics", "/health", "/load", "/ping", "/version", "/server_info"]);
/** nginx's number for a client that left before it was answered. */
const CLIENT_LEFT = 499;

export class HttpMetrics {
  readonly metrics: readonly Metric[];
  readonly #requests = new Counter(HTTP_DEFINITIONS.requests);
  readonly #requestSize = new Histogram(HTTP_DEFINITIONS.requestSize);
  readonly #responseSize = new Histogram(HTTP_DEFINITIONS.responseSize);
  readonly #durationFine = new Histogram(HTTP_DEFINITIONS.durationFine);
  readonly #duration = new Histogram(HTTP_DEFINITIONS.duration);

  constructor() {
    this.metrics = [this.#requests, this.#requestSize, this.#responseSize, this.#durationFine, this.#duration];
    this.#durationFine.cell({});
  }

  /** Counts everything that the application answers, streams too; unknown paths count as handler "none". */
  watch(app: FastifyInstance): void {
    app.addHook("onRequest", (request, reply, done) => {
      const handler = request.routeOptions.url ?? "none";
      if (!EXCLUDED.has(handler)) {
        const started = performance.now();
        reply.raw.once("close", () => this.#answered(handler, request, reply, (performance.now() - started) / 1000));
      }
      done();
    });
  }

  #answered(handler: string, request: FastifyRequest, reply: FastifyReply, seconds: number): void {
    const { raw } = reply;
    const { method } = request;
    const status = raw.headersSent ? raw.statusCode : CLIENT_LEFT;
    this.#requests.cell({ handler, method, status: `${Math.floor(status / 100)}xx` }).inc();
    this.#requestSize.cell({ handler }).observe(contentLength(request.headers["content-length"]));
    this.#responseSize.cell({ handler }).observe(contentLength(reply.getHeader("content-length")));
    this.#durationFine.cell({}).observe(seconds);
    this.#duration.cell({ handler, method }).observe(seconds);
  }
}

function contentLength(header: unknown): number {
  const length = Number(header ?? 0);
  return Number.isSafeInteger(length) && length > 0 ? length : 0;
}
