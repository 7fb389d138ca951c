/** AsyncLLM: the engine for servers. Every call is a stream of outputs; nothing blocks. */
import type { EngineConfig } from "../config/engine-config.js";
import type { SamplingParams, SamplingParamsInput } from "../request/sampling-params.js";
import type { ChatMessage } from "../tokenizer/chat-messages.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import type { ChatOptions, RenderedChat } from "./chat.js";
import type { EngineHooks } from "./create-engine.js";
import type { Engine, GenerateOptions } from "./engine.js";
import type { EngineStats } from "./engine-stats.js";
import type { EnginePrompt } from "./input-processor.js";
import type { RequestOutput } from "./request-output.js";
import type { CreateWorker, ModelInfo } from "../worker/worker.js";
/** What a server needs of a loaded engine. */
export interface AsyncLLM {
    readonly modelConfig: ModelInfo;
    /** At least one; the first is put into answers. */
    readonly servedModelNames: readonly string[];
    /** Undefined when the model is served by token ids. */
    readonly tokenizer: Tokenizer | undefined;
    /** What generation_config.json and its override set; for requests that leave these fields out. */
    defaultSamplingParams(): Partial<SamplingParams>;
    /**
     * Runs one request; nothing happens before the first output is asked for. To a slow reader the outputs of several steps
     * come as one. A reader that stops early aborts the request.
     *
     * @param params  `maxTokens` undefined: 16; null: all that the context has left; a number that does not fit after the
     *                prompt is refused, unless `strictLength` is false. `defaultSamplingParams()` are the caller's to add
     * @throws RequestError (status 400) for a wrong prompt or parameter, (status 500) when this request failed in the
     *         engine; AbortError after `options.signal`; EngineDeadError
     */
    generate(prompt: EnginePrompt, params: SamplingParamsInput, options?: GenerateOptions): AsyncGenerator<RequestOutput, void, undefined>;
    /**
     * The prompt of a conversation, by the chat template.
     * @throws RequestError if the template refuses the messages, or there is no template or tokenizer
     */
    renderChat(messages: readonly ChatMessage[], options?: ChatOptions): Promise<RenderedChat>;
    /** Ends a request with finish reason "abort": its reader gets what there is so far. Unknown ids are ignored. */
    abort(requestId: string): void;
    /** Forgets all cached prefixes; false (and nothing is done) while requests hold blocks. */
    resetPrefixCache(): Promise<boolean>;
    /** Whether the engine died; closing is no death. */
    readonly isDead: boolean;
    /** False when the engine is dead or closed, and while its process has been silent for 10 seconds (it may come back). */
    readonly isResponding: boolean;
    /** The error that the engine died of. */
    readonly deathError: Error | undefined;
    stats(): EngineStats;
    /** Ends open requests with EngineDeadError and frees the model. Can be called again. */
    close(): Promise<void>;
}
/**
 * Loads model and tokenizer.
 * @throws ConfigError, CheckpointError, ResourceError or UnsupportedError (as a rejection)
 */
export declare function createAsyncLLM(config: EngineConfig, createWorker: CreateWorker, hooks?: EngineHooks): Promise<AsyncLLM>;
/**
 * Finds the model (on disk, in the Hugging Face cache, or on the hub), and loads it and its tokenizer.
 * @throws ConfigError, CheckpointError, ResourceError or UnsupportedError (as a rejection)
 */
export declare function openAsyncLLM(config: EngineConfig, hooks?: EngineHooks): Promise<AsyncLLM>;
/** The server's face of an engine. */
export declare function asyncLLMOver(engine: Engine): AsyncLLM;
