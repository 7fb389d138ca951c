/** StructuredRequests: the core's requests with structured outputs: their matchers, from before their first step to their end. */
import type { GrammarBackend, GrammarMatcher } from "../grammar/backend.js";
import type { PackedVocabulary } from "../grammar/vocabulary.js";
import type { ModelRunnerOutput } from "../request/model-runner-output.js";
import { allStopTokenIds } from "../request/sampling-params.js";
import type { SchedulerOutput } from "../request/scheduler-output.js";
import type { StructuredOutputs } from "../request/structured-outputs.js";
import type { TokenMasks } from "../request/token-masks.js";
import { RequestError } from "../util/errors.js";
import type { EngineCoreOutput, EngineCoreRequest } from "./transport.js";

/** Makes the grammar engine, when the first request needs it. */
export type CreateGrammarBackend = (vocabulary: PackedVocabulary) => Promise<GrammarBackend>;

/** The usual one. */
export const createXGrammarBackend: CreateGrammarBackend = async (vocabulary) => {
  const { XGrammarBackend } = await import("../grammar/xgrammar-backend.js");
  return new XGrammarBackend({ vocabulary });
};

interface Entry {
  readonly requestId: string;
  readonly matcher: GrammarMatcher;
  readonly startAfter: ReadonlySet<number>;
  readonly stopTokenIds: ReadonlySet<number>;
  readonly minTokens: number;
  /** False during the part before the grammar begins. */
  isStarted: boolean;
  numOutputTokens: number;
  /** Found out in the last step that has the request: how it ends. */
  verdict: { readonly error?: string } | undefined;
}

const NONE: readonly string[] = [];

/**
 * A mask depends on the token before: it is begun as soon as that is known, in another thread, and is there when the next step has
 * its logits. A request whose thread is at something longer sits steps out, so that nobody waits for it.
 */
export class StructuredRequests {
  readonly #createBackend: CreateGrammarBackend;
  readonly #entries = new Map<string, Entry>();
  /** Requests that wait for their grammar. */
  readonly #opening = new Set<string>();
  #backend: Promise<GrammarBackend> | undefined;
  #ready: GrammarBackend | undefined;
  #isClosed = false;

  constructor(createBackend: CreateGrammarBackend = createXGrammarBackend) {
    this.#createBackend = createBackend;
  }

  /** How many requests wait for their grammar. */
  get numOpening(): number {
    return this.#opening.size;
  }

  /** Must come before everything else; the second time it does nothing. */
  async setVocabulary(vocabulary: PackedVocabulary): Promise<void> {
    this.#backend ??= this.#createBackend(vocabulary);
    this.#ready = await this.#backend;
    if (this.#isClosed) await this.#ready.close();
  }

  /** @throws RequestError (as a rejection) if this form cannot be had */
  async compile(outputs: StructuredOutputs): Promise<void> {
    await (await this.#need()).compile(outputs);
  }

  /**
   * Sets a request's matcher up.
   * @returns false if the request was closed meanwhile
   * @throws RequestError (as a rejection)
   */
  async open({ requestId, params, eosTokenIds = [] }: EngineCoreRequest): Promise<boolean> {
    const outputs = params.structuredOutputs!;
    const stopTokenIds = params.ignoreEos ? new Set(params.stopTokenIds) : allStopTokenIds(params, eosTokenIds);
    this.#opening.add(requestId);
    try {
      const matcher = await (await this.#need()).open(outputs, [...stopTokenIds]);
      if (!this.#opening.has(requestId)) {
        matcher.close();
        return false;
      }
      this.#entries.set(requestId, {
        requestId,
        matcher,
        startAfter: new Set(outputs.startAfter),
        stopTokenIds,
        minTokens: params.minTokens,
        isStarted: outputs.startAfter.length === 0,
        numOutputTokens: 0,
        verdict: undefined,
      });
      return true;
    } catch (error) {
      if (!this.#opening.has(requestId)) return false;
      throw error;
    } finally {
      this.#opening.delete(requestId);
    }
  }

  /** Whether the request has its matcher. */
  has(requestId: string): boolean {
    return this.#entries.has(requestId);
  }

  /** Forgets a request, whether it waits or runs. Unknown ids are ignored. */
  close(requestId: string): void {
    this.#opening.delete(requestId);
    this.#entries.get(requestId)?.matcher.close();
    this.#entries.delete(requestId);
  }

  /** Whether the request must not be in the next step. */
  readonly isBlocked = (requestId: string): boolean => {
    const entry = this.#entries.get(requestId);
    if (entry === undefined || !entry.isStarted) return false;
    return !entry.matcher.isReady && !entry.matcher.isPrompt;
  };

  /** Settles when one more request is not blocked; at once if none is. */
  async unblocked(): Promise<void> {
    const blocked = [...this.#entries.values()].filter(({ requestId }) => this.isBlocked(requestId));
    await Promise.race(blocked.map(({ matcher }) => matcher.ready()));
  }

  get hasBlocked(): boolean {
    for (const requestId of this.#entries.keys()) if (this.isBlocked(requestId)) return true;
    return false;
  }

  /** Masks of the step's requests; undefined where none has a grammar that has begun. */
  masks(step: SchedulerOutput): Promise<TokenMasks> | undefined {
    if (this.#entries.size === 0) return undefined;
    const entries: Entry[] = [];
    for (const requestId of step.numScheduledTokens.keys()) {
      const entry = this.#entries.get(requestId);
      if (entry?.isStarted === true) entries.push(entry);
    }
    return entries.length === 0 ? undefined : collect(entries);
  }

  /**
   * What the masks said about the requests of a step goes into its result.
   * @returns requests that end here because nothing can follow
   */
  settle(step: SchedulerOutput, result: ModelRunnerOutput): readonly string[] {
    if (this.#entries.size === 0) return NONE;
    const complete: string[] = [];
    for (const entry of this.#entries.values()) {
      const { verdict, requestId } = entry;
      // Another one's may be of the step that was planned meanwhile.
      if (verdict === undefined || !step.numScheduledTokens.has(requestId)) continue;
      entry.verdict = undefined;
      result.sampledTokenIds.delete(requestId);
      result.logprobs.delete(requestId);
      result.errors?.delete(requestId);
      if (verdict.error === undefined) complete.push(requestId);
      else result.errors?.set(requestId, verdict.error);
    }
    return complete;
  }

  /** Matchers take what was sampled; those of requests that ended go. */
  advance(outputs: readonly EngineCoreOutput[]): void {
    if (this.#entries.size === 0) return;
    const steps: [GrammarMatcher, number][] = [];
    for (const { requestId, newTokenIds, finishReason } of outputs) {
      const entry = this.#entries.get(requestId);
      if (entry === undefined) continue;
      if (finishReason !== null) this.close(requestId);
      else for (const token of newTokenIds) this.#take(entry, token, steps);
    }
    if (steps.length > 0) this.#ready!.advance(steps);
  }

  async shutDown(): Promise<void> {
    this.#isClosed = true;
    this.#opening.clear();
    this.#entries.clear();
    await (await this.#backend?.catch(() => undefined))?.close();
  }

  #take(entry: Entry, token: number, steps: [GrammarMatcher, number][]): void {
    entry.numOutputTokens++;
    if (entry.isStarted) steps.push([entry.matcher, token]);
    else entry.isStarted = entry.startAfter.has(token);
  }

  async #need(): Promise<GrammarBackend> {
    if (this.#backend !== undefined) return this.#backend;
    throw new RequestError("structured outputs need a tokenizer, and this engine has none", {
      param: "structured_outputs",
    });
  }
}

async function collect(entries: readonly Entry[]): Promise<TokenMasks> {
  const masks = new Map<string, Int32Array>();
  for (const entry of entries) {
    const { matcher, requestId } = entry;
    if (!matcher.isReady) await matcher.ready();
    if (matcher.failure !== undefined) entry.verdict = { error: `structured outputs: ${matcher.failure}` };
    else if (matcher.isComplete && !canEnd(entry)) entry.verdict = {};
    else masks.set(requestId, matcher.mask);
  }
  return masks;
}

/** Whether a token that ends the output can be sampled now. */
function canEnd({ stopTokenIds, numOutputTokens, minTokens }: Entry): boolean {
  return stopTokenIds.size > 0 && numOutputTokens >= minTokens;
}
