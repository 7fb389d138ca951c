import type { EngineConfig } from "../config/engine-config.js";
import type { MachineSpeed, StepProfile } from "../request/step-profile.js";
import type { SamplingParams, SamplingParamsInput } from "../request/sampling-params.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import type { ChatMessage } from "../tokenizer/chat-messages.js";
import { EngineDeadError } from "../util/errors.js";
import type { ChatOptions, RenderedChat } from "./chat.js";
import type { EngineStats } from "./engine-stats.js";
import type { EnginePrompt, InputOptions, ProcessedRequest } from "./input-processor.js";
import type { RequestOutput } from "./request-output.js";
import type { Transport } from "./transport.js";
import type { ModelInfo } from "../worker/worker.js";
/** Besides prompt and parameters of one request; the id is chosen at random if absent. */
export type RequestInputOptions = Partial<InputOptions>;
export interface GenerateOptions extends RequestInputOptions {
    /** Ends the request with an AbortError and frees its blocks. */
    readonly signal?: AbortSignal | undefined;
}
/** Checks inputs, sends them to the core, and turns what comes back into outputs. */
export declare class Engine {
    #private;
    readonly config: EngineConfig;
    readonly tokenizer: Tokenizer | undefined;
    readonly defaultSamplingParams: Partial<SamplingParams>;
    /**
     * @param chatTemplate text of the configured template, which wins over the tokenizer's
     * @throws ConfigError if the model's sampling defaults are wrong
     */
    constructor(config: EngineConfig, transport: Transport, tokenizer: Tokenizer | undefined, chatTemplate: string | undefined);
    /** What is known of the model. */
    get info(): ModelInfo;
    /** What the core died of; undefined while it lives, and after closing. */
    get deathError(): EngineDeadError | undefined;
    /** False when the engine is dead or closed, and while its process has been silent for 10 seconds (it may come back). */
    get isResponding(): boolean;
    /** Requests that have not ended. */
    get numRequests(): number;
    /**
     * Checks and tokenizes a request without running it.
     * @throws RequestError (as a rejection) for a wrong prompt or parameter; EngineDeadError
     */
    prepare(prompt: EnginePrompt, params: SamplingParamsInput, options?: RequestInputOptions): Promise<ProcessedRequest>;
    /**
     * Runs a prepared request, once; nothing happens before the first output is asked for. A reader that stops early
     * aborts it.
     * @param signal ends the request with an AbortError and frees its blocks
     * @throws RequestError if its id is in use, or when this request failed; AbortError; EngineDeadError
     */
    run(request: ProcessedRequest, signal?: AbortSignal): AsyncGenerator<RequestOutput, void, undefined>;
    /** `prepare` and `run` together; nothing happens before the first output is asked for. */
    generate(prompt: EnginePrompt, params: SamplingParamsInput, options?: GenerateOptions): AsyncGenerator<RequestOutput, void, undefined>;
    /** The prompt of a conversation. @throws RequestError (as a rejection) if there is no template, or it refuses */
    renderChat(messages: readonly ChatMessage[], options?: ChatOptions): Promise<RenderedChat>;
    /** Ends a request with finish reason "abort"; its reader gets what it has so far. Unknown ids are ignored. */
    abort(requestId: string): void;
    /** Forgets all cached prefixes; false while requests hold blocks. @throws EngineDeadError */
    resetPrefixCache(): Promise<boolean>;
    /**
     * Measures the machine between two steps, for a second or less: what ops can be compared with. Undefined where the platform
     * cannot. Keeps half a GiB of memory until the engine is closed.
     * @throws ResourceError without that memory; EngineDeadError (both as a rejection)
     */
    probe(): Promise<MachineSpeed | undefined>;
    /**
     * Measures every step from the next one on, and tells the listener after each; what comes back ends it. The listener's own time
     * passes between two steps.
     */
    profileSteps(listener: (step: StepProfile) => void): () => void;
    /** Figures of core and front. @param lastSteps of how many steps `recentSteps` is at most */
    stats(lastSteps?: number): EngineStats;
    /** Ends open requests with EngineDeadError and frees the model. Can be called again. */
    close(): Promise<void>;
}
