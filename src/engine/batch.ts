/** Runs many prompts at once for `LLM.generate`. */
import type { SamplingParamsInput } from "../request/sampling-params.js";
import { AbortError, EngineDeadError, RequestError } from "../util/errors.js";
import type { Engine } from "./engine.js";
import type { EnginePrompt, ProcessedRequest } from "./input-processor.js";
import type { RequestOutput } from "./request-output.js";

/** How far a batch is. */
export interface BatchProgress {
  /** Prompts whose outputs are complete. */
  readonly finished: number;
  readonly total: number;
  /** Output tokens of the finished prompts. */
  readonly outputTokens: number;
}

export interface BatchOptions {
  /** Ends all prompts of the batch with an AbortError and frees their blocks. */
  readonly signal?: AbortSignal;
  /** Called whenever a prompt is finished. */
  readonly onProgress?: (progress: BatchProgress) => void;
  /** Lower goes first, with `schedulingPolicy: "priority"`. */
  readonly priority?: number;
  /** Only requests with the same salt share cached prefixes. */
  readonly cacheSalt?: string;
}

/** One for all prompts, or one for each; undefined: the model's own. */
export type BatchParams = SamplingParamsInput | readonly (SamplingParamsInput | undefined)[] | undefined;

/**
 * All prompts together, results in their order. Every prompt is checked before the first one starts.
 *
 * @param params one for all, or one per prompt
 * @throws RequestError if a prompt or its parameters are wrong (then nothing was run), AbortError, EngineDeadError; when
 *         single prompts fail while running, the others are finished first: then the one error, or an AggregateError
 */
export async function runBatch(
  engine: Engine,
  prompts: readonly EnginePrompt[],
  params: BatchParams,
  options: BatchOptions = {},
): Promise<RequestOutput[]> {
  const each = paramsOfEach(engine, prompts.length, params);
  const { signal, onProgress, ...rest } = options;
  const requests = await Promise.all(
    prompts.map(async (prompt, i) => {
      try {
        return await engine.prepare(prompt, each[i]!, { ...rest, outputKind: "final" });
      } catch (error) {
        throw prompts.length === 1 ? error : inBatch(error, i);
      }
    }),
  );
  let finished = 0;
  let outputTokens = 0;
  const run = async (request: ProcessedRequest): Promise<RequestOutput> => {
    const output = await last(engine.run(request, signal));
    finished++;
    for (const completion of output.outputs) outputTokens += completion.tokenIds.length;
    onProgress?.({ finished, total: prompts.length, outputTokens });
    return output;
  };
  return settle(requests.map(run));
}

/** The only output of a request with output kind "final". */
async function last(outputs: AsyncIterable<RequestOutput>): Promise<RequestOutput> {
  let latest: RequestOutput | undefined;
  for await (const output of outputs) latest = output;
  return latest!;
}

/** Waits for all; an error that concerns all of them is thrown at once. */
async function settle(runs: readonly Promise<RequestOutput>[]): Promise<RequestOutput[]> {
  const errors: unknown[] = [];
  const results = await Promise.all(
    runs.map((run) =>
      run.catch((error: unknown) => {
        if (error instanceof AbortError || error instanceof EngineDeadError) throw error;
        errors.push(error);
        return undefined;
      }),
    ),
  );
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) {
    throw new AggregateError(
      errors,
      `${errors.length} of ${runs.length} prompts failed; the first: ${String(errors[0])}`,
    );
  }
  return results as RequestOutput[];
}

/** Undefined stands for the model's own parameters. */
function paramsOfEach(engine: Engine, numPrompts: number, params: BatchParams): readonly SamplingParamsInput[] {
  const isOne = !Array.isArray(params);
  if (!isOne && params.length !== numPrompts) {
    throw new RequestError(`params: one for all prompts or one for each of ${numPrompts}; got ${params.length}`, {
      param: "params",
    });
  }
  return Array.from({ length: numPrompts }, (_, i) => {
    const chosen = (isOne ? params : params[i]) as SamplingParamsInput | undefined;
    return chosen ?? engine.defaultSamplingParams;
  });
}

/** The same error with the prompt's place in the batch. */
function inBatch(error: unknown, index: number): unknown {
  if (!(error instanceof RequestError)) return error;
  const { param, status, code } = error;
  return new RequestError(`prompts[${index}]: ${error.message}`, {
    cause: error,
    status,
    code,
    ...(param === null ? {} : { param }),
  });
}
