/** Hands an HTTP request's prompts to the engine. */
import { randomUUID } from "node:crypto";
import type { ServerConfig } from "../../config/server-config.js";
import type { RequestOutput } from "../../engine/request-output.js";
import type { OutputKind, SamplingParamsInput } from "../../request/sampling-params.js";
import { RequestError } from "../../util/errors.js";
import type { ClientOptions, ClientPrompt } from "../engine-client.js";
import { logRequest } from "../request-log.js";
import type { Call, ServerContext } from "../respond.js";

/** Fields of the body that go to the engine beside the sampling parameters. */
export interface RunFields {
  readonly priority?: number | null | undefined;
  readonly cache_salt?: string | null | undefined;
  /** Search for the `n` best continuations instead of sampling. */
  readonly use_beam_search?: boolean | null | undefined;
  readonly length_penalty?: number | null | undefined;
  /** Only for the records. */
  readonly model?: string | null | undefined;
}

/**
 * One stream of outputs per prompt; nothing runs before it is read. All end when the call is aborted.
 *
 * @throws RequestError for more prompts or outputs than --max-prompts-per-request and --max-n-sequences allow
 * @param strictLength  refuse a `maxTokens` that does not fit, since the client asked for it
 */
export function runPrompts(
  context: ServerContext,
  call: Call,
  prompts: readonly ClientPrompt[],
  params: SamplingParamsInput,
  fields: RunFields,
  options: { outputKind: OutputKind; strictLength: boolean },
): AsyncIterable<RequestOutput>[] {
  const trace = { ...call.trace, answerId: call.id, model: fields.model || context.engine.servedModelNames[0]! };
  checkNumbers(context.config, prompts.length, params.n ?? 1);
  const { streamInterval } = context.config;
  const all = streamInterval > (params.streamInterval ?? 1) ? { ...params, streamInterval } : params;
  const signals = signalsFor(call.signal, prompts.length);
  return prompts.map((prompt, index) => {
    const own = {
      // The client's id may be in use already; a random end keeps the engine's ids apart.
      requestId: `${call.id}-${index}-${randomUUID().slice(0, 8)}`,
      signal: signals[index]!,
      arrivalMs: call.arrivalMs,
      trace,
      ...(typeof fields.priority === "number" ? { priority: fields.priority } : {}),
      ...(typeof fields.cache_salt === "string" ? { cacheSalt: fields.cache_salt } : {}),
    };
    logRequest(context, own.requestId, prompt, all);
    if (fields.use_beam_search === true) return searchBeams(context, prompt, params, fields, own);
    return context.engine.generate(prompt, all, { ...own, ...options });
  });
}

/** Listening takes longer the more listen to a signal already: with many prompts each gets a signal of its own. */
function signalsFor(signal: AbortSignal, count: number): AbortSignal[] {
  if (count < 16) return Array<AbortSignal>(count).fill(signal);
  const controllers = Array.from({ length: count }, () => new AbortController());
  const abort = () => {
    for (const controller of controllers) controller.abort(signal.reason);
  };
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  return controllers.map((controller) => controller.signal);
}

/** The output comes as one, whatever kind was asked for. */
async function* searchBeams(
  context: ServerContext,
  prompt: ClientPrompt,
  params: SamplingParamsInput,
  fields: RunFields,
  options: ClientOptions & { readonly requestId: string },
): AsyncGenerator<RequestOutput> {
  // Loaded when it is first asked for.
  const { beamSearch } = await import("../../engine/beam-search.js");
  const search = {
    beamWidth: params.n ?? 1,
    maxTokens: params.maxTokens ?? null,
    ignoreEos: params.ignoreEos ?? false,
    lengthPenalty: fields.length_penalty ?? 1,
    includeStopStrInOutput: params.includeStopStrInOutput ?? false,
    skipSpecialTokens: params.skipSpecialTokens ?? true,
  };
  yield* beamSearch(context.engine, prompt, search, options);
}

function checkNumbers({ maxPromptsPerRequest, maxNSequences }: ServerConfig, numPrompts: number, n: number): void {
  if (numPrompts > maxPromptsPerRequest) {
    const message = `prompt: at most ${maxPromptsPerRequest} prompts in one request (--max-prompts-per-request); got ${numPrompts}`;
    throw new RequestError(message, { param: "prompt" });
  }
  if (numPrompts * n > maxNSequences) {
    const got = numPrompts === 1 ? `n ${n}` : `${numPrompts} prompts with n ${n}`;
    throw new RequestError(`n: at most ${maxNSequences} outputs in one request (--max-n-sequences); got ${got}`, {
      param: "n",
    });
  }
}

/** The last output of each stream, in order. @throws what the first failing one throws; the others are aborted */
export async function lastOutputs(
  call: Call,
  streams: readonly AsyncIterable<RequestOutput>[],
): Promise<RequestOutput[]> {
  const finals = streams.map(async (stream) => {
    let last: RequestOutput | undefined;
    for await (const output of stream) last = output;
    if (last === undefined) throw new Error(`${call.id}: the engine gave no output`);
    return last;
  });
  try {
    return await Promise.all(finals);
  } catch (error) {
    call.abort();
    await Promise.allSettled(finals);
    throw error;
  }
}
