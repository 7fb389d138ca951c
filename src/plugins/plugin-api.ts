/** What a plugin is handed: the ways to add things to Quire without touching it. */
import type { ModelSource } from "../models/registry.js";
import { registerModel } from "../models/registry.js";
import { defineOp } from "../ops/define-op.js";
import type { LogitsProcessorDefinition } from "../request/logits-processor.js";
import { registerLogitsProcessor } from "../request/logits-processor.js";
import { registerReasoningParser, registerToolParser } from "../request/output-parsers.js";
import type { Lazily, ReasoningParserDefinition, ToolParserDefinition } from "../request/output-parsers.js";
import { packageVersion } from "../util/package-root.js";
import type { FoundPlugin } from "./find-plugins.js";

export interface PluginApi {
  /** Of Quire: "0.1.0". */
  readonly version: string;
  /**
   * Adds an architecture, or replaces one (which is logged).
   *
   * @param architecture as in config.json: "MyModelForCausalLM"
   * @param source a class, or `() => import("./my-model.js")`, whose module exports it under that name
   */
  registerModel(architecture: string, source: ModelSource): void;

  /**
   * Adds a logits processor: `apply` gets the rows of a step as Float32Arrays before sampling. Requests name it in
   * `logitsProcessors`, or all are touched with `appliesTo: "all"`.
   */
  registerLogitsProcessor(name: string, definition: LogitsProcessorDefinition): void;

  /**
   * Adds a parser of tool calls, which a server is started with: `--tool-call-parser name`. A function that gives it, say
   * `() => import("./my-parser.js").then((module) => module.parser)`, is called only then.
   */
  registerToolParser(name: string, definition: Lazily<ToolParserDefinition>): void;

  /** The same for reasoning: `--reasoning-parser name`. */
  registerReasoningParser(name: string, definition: Lazily<ReasoningParserDefinition>): void;

  /**
   * Makes an op that Quire lacks; see `defineOp` of "quirelm/ops", which model files import to define theirs. Here, a path in
   * `native` may be relative to the plugin's module.
   */
  readonly defineOp: typeof defineOp;
}

/** The default export of a plugin's module. May be called once in every process. */
export type Plugin = (quire: PluginApi) => void | Promise<void>;

/**
 * @param plugin  whose API it is
 * @param log     told when something is replaced
 * @param brought told each thing that the plugin adds, in words
 */
export function createPluginApi(
  plugin: FoundPlugin,
  log: (line: string) => void,
  brought: (what: string) => void,
): PluginApi {
  return {
    version: packageVersion(),
    defineOp(name, definition) {
      const op = defineOp(name, definition, plugin.url);
      brought(`op ${name}`);
      return op;
    },
    registerLogitsProcessor(name, definition) {
      registerLogitsProcessor(name, definition);
      brought(`logits processor ${name}`);
    },
    registerToolParser(name, definition) {
      registerToolParser(name, definition);
      brought(`tool parser ${name}`);
    },
    registerReasoningParser(name, definition) {
      registerReasoningParser(name, definition);
      brought(`reasoning parser ${name}`);
    },
    registerModel(architecture, source) {
      const replaced = registerModel(architecture, source, plugin.name);
      if (replaced !== undefined)
        log(`plugin ${plugin.name}: architecture ${architecture} replaces that of ${replaced}`);
      brought(architecture);
    },
  };
}
