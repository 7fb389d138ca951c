/** RequestTraces: a span `llm_request` for each request, sent to an OpenTelemetry collector. Loaded with --otlp-traces-endpoint only. */
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, defaultTextMapGetter } from "@opentelemetry/api";
import type { Tracer } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { SpanExporter } from "@opentelemetry/sdk-trace-base";
import type { EndedRequest, StatsListener } from "../../engine/stats-listener.js";
import { spanAttributes } from "./span-attributes.js";
import type { TracesTarget } from "./traces-target.js";

/** Spans that may wait for the collector; further ones are dropped. */
const MAX_WAITING = 2048;
/** Milliseconds until a batch that is not full is sent. */
const DELAY_MS = 1000;
/** Milliseconds that a collector has to take a batch, and the last one at the end. */
const EXPORT_LIMIT_MS = 10_000;
const CLOSE_LIMIT_MS = 3000;

export interface TracesOptions {
  readonly target: TracesTarget;
  /** The model's name in answers. */
  readonly servedModel: string;
  readonly version: string;
  /** Told of spans that were lost. */
  readonly onDropped: (count: number) => void;
}

/** Spans are made when a request has ended, off its way; a collector that is slow or down costs spans, never memory or time. */
export class RequestTraces implements StatsListener {
  readonly #provider: BasicTracerProvider;
  readonly #tracer: Tracer;
  readonly #propagator = new W3CTraceContextPropagator();
  readonly #options: TracesOptions;
  #numWaiting = 0;

  /** @param exporter its batches are counted */
  constructor(exporter: SpanExporter, options: TracesOptions) {
    this.#options = options;
    const own = resourceFromAttributes({ "service.name": "quire", "service.version": options.version });
    this.#provider = new BasicTracerProvider({
      resource: defaultResource()
        .merge(own)
        .merge(detectResources({ detectors: [envDetector] })),
      spanProcessors: [
        new BatchSpanProcessor(this.#counted(exporter), {
          maxQueueSize: MAX_WAITING,
          maxExportBatchSize: 256,
          scheduledDelayMillis: DELAY_MS,
          exportTimeoutMillis: EXPORT_LIMIT_MS,
        }),
      ],
    });
    this.#tracer = this.#provider.getTracer("quire.engine", options.version);
  }

  ended(request: EndedRequest): void {
    if (this.#numWaiting >= MAX_WAITING) {
      this.#options.onDropped(1);
      return;
    }
    const { trace, arrivalMs, endMs } = request;
    const parent = this.#propagator.extract(ROOT_CONTEXT, headersOf(trace), defaultTextMapGetter);
    const attributes = spanAttributes(request, this.#options.servedModel);
    const startTime = performance.timeOrigin + arrivalMs;
    const span = this.#tracer.startSpan("llm_request", { kind: SpanKind.SERVER, startTime, attributes }, parent);
    // What the caller chose not to sample is never sent.
    if (!span.isRecording()) return;
    if (request.end === "failed") span.setStatus({ code: SpanStatusCode.ERROR });
    this.#numWaiting++;
    span.end(performance.timeOrigin + endMs);
  }

  /** Sends what waits, for three seconds at most. */
  async close(): Promise<void> {
    const limit = new Promise<void>((resolve) => void setTimeout(resolve, CLOSE_LIMIT_MS).unref());
    await Promise.race([this.#provider.shutdown().catch(() => {}), limit]);
  }

  #counted(exporter: SpanExporter): SpanExporter {
    return {
      export: (spans, done) =>
        exporter.export(spans, (result) => {
          this.#numWaiting -= spans.length;
          if (result.code !== 0) this.#options.onDropped(spans.length);
          done(result);
        }),
      forceFlush: async () => exporter.forceFlush?.(),
      shutdown: () => exporter.shutdown(),
    };
  }
}

/** Loads the exporter of the target's form. */
export async function openRequestTraces(options: TracesOptions): Promise<RequestTraces> {
  const { url, protocol } = options.target;
  const { OTLPTraceExporter } =
    protocol === "http/json"
      ? await import("@opentelemetry/exporter-trace-otlp-http")
      : await import("@opentelemetry/exporter-trace-otlp-proto");
  return new RequestTraces(new OTLPTraceExporter({ url, timeoutMillis: EXPORT_LIMIT_MS }), options);
}

function headersOf({ traceparent, tracestate }: EndedRequest["trace"]): Record<string, string> {
  return {
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
  };
}
