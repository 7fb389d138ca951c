import "./chunks/copies-BSAA4BuG.js";
import { t as LLM } from "./chunks/llm-BklGVwMx.js";
import { i as registerLogitsProcessor } from "./chunks/logits-processor-Cps5c56H.js";
import { a as registerModel, o as supportedArchitectures } from "./chunks/registry-BqWMdtUv.js";
import { a as LifetimeError, c as ResourceError, i as EngineDeadError, l as ShapeError, n as CheckpointError, o as QuireError, r as ConfigError, s as RequestError, t as AbortError, u as UnsupportedError } from "./chunks/errors-CjlPyKrT.js";
export { AbortError, CheckpointError, ConfigError, EngineDeadError, LLM, LifetimeError, QuireError, RequestError, ResourceError, ShapeError, UnsupportedError, registerLogitsProcessor, registerModel, supportedArchitectures };
