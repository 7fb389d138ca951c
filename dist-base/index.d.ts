/** `quirelm`: run a language model in this process. */
import "./util/copies.js";
export { LLM } from "./engine/llm.js";
export type { Conversation, LLMHooks, StreamOptions } from "./engine/llm.js";
export type { BatchOptions } from "./engine/batch.js";
export type { ChatOptions } from "./engine/chat.js";
export type { CompletionOutput, Logprob, RequestOutput } from "./engine/request-output.js";
export type { EngineConfig, EngineOptions } from "./config/engine-config.js";
export type { SamplingParams, SamplingParamsInput } from "./request/sampling-params.js";
export { registerLogitsProcessor } from "./request/logits-processor.js";
export type { LogitsBatch, LogitsFunction, LogitsProcessor, LogitsProcessorDefinition, LogitsRequest, } from "./request/logits-processor.js";
export type { MachineSpeed, OpProfile, PhaseTime, RunProfile, StepProfile } from "./request/step-profile.js";
export type { EngineStats } from "./engine/engine-stats.js";
export type { ModelInfo } from "./worker/worker.js";
export { registerModel, supportedArchitectures } from "./models/registry.js";
export type { Plugin, PluginApi } from "./plugins/plugin-api.js";
export { AbortError, CheckpointError, ConfigError, EngineDeadError, LifetimeError, QuireError, RequestError, ResourceError, ShapeError, UnsupportedError, } from "./util/errors.js";
