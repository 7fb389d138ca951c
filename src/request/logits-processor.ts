/** Logits processors from outside: what they are, and the table of those that were registered in this process. */
import { ConfigError, RequestError } from "../util/errors.js";
import { showValue } from "../util/text.js";
import type { SamplingParams } from "./sampling-params.js";

/**
 * Changes one row in place, or returns another one. For one request, in the engine's own process.
 * @param outputTokenIds what was generated so far; not to be changed
 * @param logits         [vocabSize]
 * @param promptTokenIds not to be changed
 */
export type LogitsFunction = (
  outputTokenIds: readonly number[],
  logits: Float32Array,
  promptTokenIds: readonly number[],
) => Float32Array | void;

/** A request as processors see it. */
export interface LogitsRequest {
  readonly requestId: string;
  readonly params: SamplingParams;
  readonly promptTokenIds: readonly number[];
  /** Grows with every step; not to be changed. */
  readonly outputTokenIds: readonly number[];
}

/** Requests of a processor that came or went since it was told last. A preempted request goes, and comes again. */
export interface LogitsBatch {
  readonly added: readonly LogitsRequest[];
  readonly removed: readonly string[];
}

/** Works on the rows of one engine. */
export interface LogitsProcessor {
  /** Before `apply`, in steps where something changed. */
  updateState?(batch: LogitsBatch): void;
  /** Changes rows in place; row i is [vocabSize] and of request i. Only rows that are sampled in this step come. */
  apply(logits: readonly Float32Array[], requests: readonly LogitsRequest[]): void;
}

interface LogitsProcessorFacts {
  /** "named" (the default): requests with its name in `logitsProcessors`; "all": every request. */
  readonly appliesTo?: "named" | "all";
  /**
   * True: it never changes which token is likeliest. Then greedy requests are spared, and it comes after penalties, temperature and
   * min-p. Default false: after allowed ids, bad words, min-tokens and bias, before the penalties.
   */
  readonly isArgmaxInvariant?: boolean;
  /** Throws for a request whose parameters it cannot work with; the message goes to the client. */
  validateParams?(params: SamplingParams): void;
}

/** Either makes a processor for each engine, or is the one for all. */
export type LogitsProcessorDefinition = LogitsProcessorFacts &
  ({ create(engine: { readonly vocabSize: number }): LogitsProcessor } | LogitsProcessor);

const registered = new Map<string, LogitsProcessorDefinition>();

/**
 * Adds a processor to this process: requests choose it by name, or all are touched.
 * @throws ConfigError for a name that is taken, or a definition without `create` or `apply`
 */
export function registerLogitsProcessor(name: string, definition: LogitsProcessorDefinition): void {
  const where = `registerLogitsProcessor(${showValue(name)}, …)`;
  if (typeof name !== "string" || name === "")
    throw new ConfigError(`${where}: the name must be a text that is not empty`);
  if (registered.has(name)) throw new ConfigError(`${where}: there is one of that name already; choose another`);
  const { create, apply } = (definition ?? {}) as { create?: unknown; apply?: unknown };
  if (typeof create !== "function" && typeof apply !== "function")
    throw new ConfigError(`${where}: expected { apply(logits, requests) { … } } or { create({ vocabSize }) { … } }`);
  const { appliesTo = "named" } = definition;
  if (appliesTo !== "named" && appliesTo !== "all")
    throw new ConfigError(`${where}: appliesTo must be "named" or "all", got ${showValue(appliesTo)}`);
  registered.set(name, definition);
}

/** By name, in the order in which they came. */
export function logitsProcessors(): ReadonlyMap<string, LogitsProcessorDefinition> {
  return registered;
}

/**
 * Lets processors look at a request's parameters.
 * @param known names that the engine has
 * @throws RequestError for a name that is not known, or what a processor refuses
 */
export function checkLogitsProcessors(params: SamplingParams, known: Iterable<string> = registered.keys()): void {
  const names = [...known];
  const chosen = params.logitsProcessors.filter((one) => typeof one === "string");
  const missing = chosen.find((name) => !names.includes(name));
  const param = "logits_processors";
  if (missing !== undefined)
    throw new RequestError(
      `logits_processors: ${showValue(missing)} is not one of this engine's: ${names.join(", ") || "it has none; plugins register them"}`,
      { param },
    );
  for (const [name, definition] of registered) {
    if (definition.appliesTo !== "all" && !chosen.includes(name)) continue;
    try {
      definition.validateParams?.(params);
    } catch (cause) {
      throw new RequestError(`logits_processors: ${name}: ${cause instanceof Error ? cause.message : String(cause)}`, {
        param,
        cause,
      });
    }
  }
}

/**
 * For engines in another process.
 * @throws RequestError when a request has functions, which cannot be sent there
 */
export function checkCrossesProcesses({ logitsProcessors: list }: SamplingParams): void {
  if (list.every((one) => typeof one === "string")) return;
  throw new RequestError(
    "logits_processors: the engine is another process, and a function cannot be sent there; " +
      "register a processor in a plugin, and give its name",
    { param: "logits_processors" },
  );
}
