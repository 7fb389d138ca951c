/** LLM: the engine for programs. Loads a model and generates from prompts, one or thousands at a time. */
import type { EngineConfig, EngineOptions } from "../config/engine-config.js";
import type { MachineSpeed, StepProfile } from "../request/step-profile.js";
import type { SamplingParams, SamplingParamsInput } from "../request/sampling-params.js";
import type { ChatMessage } from "../tokenizer/chat-messages.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import type { BatchOptions, BatchParams } from "./batch.js";
import type { ChatOptions } from "./chat.js";
import type { EngineHooks } from "./create-engine.js";
import type { EngineStats } from "./engine-stats.js";
import type { PromptBatch, PromptInput } from "./prompts.js";
import type { RequestOutput } from "./request-output.js";
import type { CreateWorker, ModelInfo } from "../worker/worker.js";
/** One conversation. */
export type Conversation = readonly ChatMessage[];
/** Options of `LLM.stream`. */
export type StreamOptions = Omit<BatchOptions, "onProgress">;
/** What may be put in place of the usual parts; for tests and for one's own tokenizers. */
export interface LLMHooks extends EngineHooks {
    /** Loads the model; the usual worker by default. */
    createWorker?: CreateWorker;
}
/**
 * A model in this process (or, with `engine: "process"`, in one of its own). Calls may overlap at will: all open prompts are computed together, and the event loop stays
 * free while they are.
 *
 * Sampling parameters that are left out altogether are the model's own (`defaultSamplingParams()`); parameters that are
 * given are completed with the plain defaults: temperature 1, 16 tokens. To change one of the model's own, spread them:
 * `{ ...llm.defaultSamplingParams(), maxTokens: 100 }`.
 *
 * @example
 * await using llm = new LLM({ model: "./SmolLM2-135M-Instruct" });
 * const [first, second] = await llm.generate(["The capital of France is", "1, 2, 3,"], { temperature: 0, maxTokens: 8 });
 * console.log(first.outputs[0].text);
 *
 * for await (const { outputs } of llm.stream("Once upon a time", { maxTokens: 100 })) {
 *   process.stdout.write(outputs[0].text);
 * }
 */
export declare class LLM {
    #private;
    readonly config: EngineConfig;
    /**
     * Checks the options and returns at once; the model is loaded by `ready()` or the first call that needs it.
     * @throws ConfigError listing every option that is wrong
     */
    constructor(options: EngineOptions, hooks?: LLMHooks);
    /**
     * Loads the model, if that has not happened yet, and says what was loaded. A failed loading is not tried again.
     * @throws ConfigError, CheckpointError, ResourceError or UnsupportedError (as a rejection)
     */
    ready(): Promise<ModelInfo>;
    /**
     * Generates from one prompt, or from several at once, with results in the order of the prompts.
     *
     * @param prompts text, token ids, `{ prompt }` or `{ promptTokenIds }`, or a list of these (`number[]` is one prompt)
     * @param params  one for all prompts or one for each; left out: the model's own. `outputKind` has no effect
     * @returns       the finished output, or a list of them for a list of prompts
     * @throws RequestError (as a rejection) for a wrong prompt or parameter: then nothing was run. When a prompt fails
     *         while it runs, the others are finished first; then its error is thrown, or an AggregateError for several. Also
     *         AbortError after `options.signal`, EngineDeadError
     */
    generate(prompt: PromptInput, params?: SamplingParamsInput, options?: BatchOptions): Promise<RequestOutput>;
    generate(prompts: PromptBatch, params?: BatchParams, options?: BatchOptions): Promise<RequestOutput[]>;
    /**
     * Answers one conversation, or several at once: the chat template makes a prompt of each.
     *
     * @param messages one list of messages, or a list of such lists
     * @param options  as for `generate`, and what the template is told
     * @throws as `generate`; RequestError too if the template refuses the messages, or there is none
     */
    chat(messages: Conversation, params?: SamplingParamsInput, options?: BatchOptions & ChatOptions): Promise<RequestOutput>;
    chat(conversations: readonly Conversation[], params?: BatchParams, options?: BatchOptions & ChatOptions): Promise<RequestOutput[]>;
    /**
     * Generates from one prompt and gives the output piece by piece: with `outputKind` "delta" (the default here) what is
     * new, with "cumulative" everything so far. To stop early, leave the loop or use the signal.
     * @throws as `generate`, in the loop
     */
    stream(prompt: PromptInput, params?: SamplingParamsInput, options?: StreamOptions): AsyncGenerator<RequestOutput, void, undefined>;
    /** The same for a conversation, as a chat. */
    streamChat(messages: Conversation, params?: SamplingParamsInput, options?: StreamOptions & ChatOptions): AsyncGenerator<RequestOutput, void, undefined>;
    /**
     * The sampling parameters that the model's generation_config.json recommends; often empty.
     * @throws QuireError "NOT_READY" before the model is loaded
     */
    defaultSamplingParams(): Partial<SamplingParams>;
    /**
     * The model's tokenizer; undefined for a model without one.
     * @throws QuireError "NOT_READY" before the model is loaded
     */
    get tokenizer(): Tokenizer | undefined;
    /**
     * Figures of the running engine.
     * @param lastSteps of how many steps `recentSteps` is at most; 256 if left out
     * @throws QuireError "NOT_READY" before the model is loaded
     */
    stats(lastSteps?: number): EngineStats;
    /**
     * Measures every step from the next one on, and tells the listener after each: when each thread was in which op, and how long
     * JavaScript took. What comes back ends it.
     * @throws QuireError "NOT_READY" before the model is loaded
     */
    profileSteps(listener: (step: StepProfile) => void): () => void;
    /**
     * Measures the machine, for a second or less: what the times of ops can be compared with. Undefined on a platform without
     * probes. Keeps half a GiB of memory until `close`.
     */
    probe(): Promise<MachineSpeed | undefined>;
    /** Forgets all cached prefixes; false (and nothing is done) while prompts are open. */
    resetPrefixCache(): Promise<boolean>;
    /** Ends open prompts with EngineDeadError and frees the model. Can be called again, and before the model is loaded. */
    close(): Promise<void>;
    /** `await using llm = new LLM(...)` closes it at the end of the block. */
    [Symbol.asyncDispose](): Promise<void>;
}
