/** Makes a worker: one model on one platform with its KV cache, ready to run steps. */
import { readGenerationConfig } from "../checkpoint/config-file.js";
import type { EngineConfig } from "../config/engine-config.js";
import type { RawConfig } from "../config/raw-config.js";
import { rawValue } from "../config/raw-config.js";
import { registerElsewhere } from "../models/registry.js";
import type { Address, Platform } from "../platform/platform.js";
import { plainBlockBytes } from "../platform/reference/block-bytes.js";
import { openPlatform } from "../platform/platforms.js";
import { loadPlugins, pluginSurroundings } from "../plugins/load-plugins.js";
import { maxStepTokens } from "../request/kv-cache-group.js";
import { Sampler } from "../sampling/sampler.js";
import { numElements } from "../tensor/shape.js";
import { ConfigError } from "../util/errors.js";
import { freeMemoryBytes } from "./free-memory.js";
import { sizeKVCache } from "./kv-cache-size.js";
import { cacheNeeds, LayerCaches } from "./layer-caches.js";
import type { ConstructedModel, PlacedModel } from "./load-model.js";
import { constructModel, fillModel, placeModel, refillModel } from "./load-model.js";
import { logitsChunk, ModelRunner, recordForward } from "./model-runner.js";
import { describePlan, planKVCache } from "./plan-kv-cache.js";
import { StepBuffers } from "./step-buffers.js";
import { probeMachine } from "./probe-machine.js";
import type { CreateWorker, ModelInfo, WorkerHooks } from "./worker.js";
import { WorkerMemory } from "./worker-memory.js";

/**
 * Opens the platform, checks and loads the model, sizes and allocates the KV cache. `config.model` is a path.
 * @throws ConfigError, CheckpointError, UnsupportedError, ResourceError: what does not fit, and what to do
 */
export const createWorker: CreateWorker = async (config, hooks) => {
  const log = hooks.log ?? ((): void => undefined);
  const { instruments, program } = hooks;
  if (program !== undefined) registerElsewhere(program.architectures);
  const { note } = await loadPlugins(config.plugins, log, pluginSurroundings(program));
  const constructed = await constructModel(config, instruments, note);
  instruments?.constructed?.(constructed);
  constructed.remarks.forEach(log);
  // A slower platform than the usual one is never taken in silence.
  const opened = await openPlatform(config, hooks.log ?? ((line) => process.emitWarning(line))).catch(
    (error: unknown) => {
      constructed.checkpoint?.close();
      throw error;
    },
  );
  const platform = instruments?.platform?.(opened) ?? opened;
  try {
    const { placed, built } = await loadAndBuild(platform, config, constructed, hooks);
    const { weightBytes } = placed;
    const { runner, size, hiddenSize, kvCacheBytes } = built;
    const memory = new WorkerMemory(platform, placed.pieces, built.regions, () =>
      refillModel(platform, constructed, placed, config),
    );
    const info: ModelInfo = {
      ...describe(config, constructed),
      maxModelLen: size.maxModelLen,
      numBlocks: size.numBlocks,
      blockSize: built.blockSize,
      kvCacheGroups: built.groups,
      platform: platform.description,
      hiddenSize,
      weightBytes,
      kvCacheBytes,
    };
    const dispose = (): void => {
      runner.dispose();
      platform.dispose();
    };
    return {
      info,
      maxSteps: runner.maxSteps,
      execute: (step, measure, masks) => runner.execute(step, measure, masks),
      takeProfile: () => runner.takeProfile(),
      probe: () => probeMachine(platform),
      sleep: (level) => memory.sleep(level),
      wakeUp: (tags) => memory.wakeUp(tags),
      dispose,
    };
  } catch (error) {
    platform.dispose();
    throw error;
  }
};

/** The runner is built while the platform's threads load the weights. */
async function loadAndBuild(
  platform: Platform,
  config: EngineConfig,
  constructed: ConstructedModel,
  hooks: WorkerHooks,
) {
  const progress = (done: number, total: number): void => hooks.progress?.({ phase: "loading weights", done, total });
  const freeBytes = freeMemoryBytes();
  let placed: PlacedModel;
  try {
    placed = placeModel(platform, constructed);
  } catch (error) {
    constructed.checkpoint?.close();
    throw error;
  }
  const { weightBytes } = placed;
  const filling = fillModel(platform, constructed, placed, config.seed, progress);
  let built: ReturnType<typeof buildRunner>;
  try {
    built = buildRunner(platform, config, constructed, freeBytes - weightBytes, hooks.log);
  } catch (error) {
    await filling.catch(() => undefined);
    throw error;
  }
  await filling;
  return { placed, built };
}

function vocabSizeOf(raw: RawConfig): number {
  const vocabSize = rawValue(raw, "vocab_size");
  if (!Number.isSafeInteger(vocabSize) || (vocabSize as number) < 1)
    throw new ConfigError(`config.json: vocab_size must be a positive integer, got ${JSON.stringify(vocabSize)}`);
  return vocabSize as number;
}

/** @param freeBytes memory that is left beside the weights */
function buildRunner(
  platform: Platform,
  config: EngineConfig,
  constructed: ConstructedModel,
  freeBytes: number,
  log: WorkerHooks["log"],
) {
  const { model, raw } = constructed;
  const vocabSize = vocabSizeOf(raw);
  const { needs, plan, use } = planCaches(config, constructed, (spec) => platform.kvCacheBlockBytes(spec), log);
  const { bytesPerBlock } = plan;
  const { groups, blockSize } = use;
  const maxLogitsRows = Math.max(logitsChunk, config.maxNumSeqs);
  const limits = {
    maxNumTokens: config.maxNumBatchedTokens,
    maxNumSeqs: config.maxNumSeqs,
    maxBlocksPerSeq: Math.ceil(constructed.maxModelLen / blockSize),
  };
  const buffers = new StepBuffers(platform, limits, blockSize, maxLogitsRows, groups);

  // The largest step, recorded and planned but never run, says how much working memory to leave.
  const placeholders = new LayerCaches(needs, plan, 1, () => 0);
  const largest = recordForward({ model, buffers, caches: placeholders }, limits.maxNumTokens, 0);
  const compiled = platform.compile(largest);
  const hiddenBytes = 4 * limits.maxNumTokens * largest.hiddenSize;
  const workspaceBytes = compiled.workspaceBytes + hiddenBytes + 4 * maxLogitsRows * vocabSize;
  compiled.dispose();

  const size = sizeKVCache({
    ...use,
    bytesPerBlock,
    maxModelLen: constructed.maxModelLen,
    maxNumSeqs: config.maxNumSeqs,
    kvCacheMemoryBytes: config.kvCacheMemoryBytes,
    numBlocksOverride: config.numBlocksOverride,
    freeBytes,
    workspaceBytes,
    utilization: config.memoryUtilization,
    fitLength: config.maxModelLen === "auto",
  });
  const regions: Address[] = [];
  const caches = new LayerCaches(needs, plan, size.numBlocks, (bytes, label) => {
    const address = platform.allocate(bytes, label);
    regions.push(address);
    return address;
  });
  const hidden = {
    address: platform.allocate(hiddenBytes, "hidden states"),
    size: largest.hiddenSize,
    maxNumTokens: limits.maxNumTokens,
  };
  const sampler = new Sampler(platform, { maxRows: maxLogitsRows, vocabSize, logprobsMode: config.logprobsMode });
  const runner = new ModelRunner({ platform, model, buffers, sampler, caches, vocabSize, hidden, maxLogitsRows });
  runner.warmUp();
  const { hiddenSize } = largest;
  return { runner, size, blockSize, groups, hiddenSize, regions, kvCacheBytes: size.numBlocks * bytesPerBlock };
}

/** As planCaches, by bytes that no platform pads. For estimates without a platform. */
export function planPlainCaches(config: EngineConfig, constructed: ConstructedModel) {
  return planCaches(config, constructed, plainBlockBytes, undefined);
}

/** How the layers share the KV cache's pages. @param log told what a model's operator should know of it */
export function planCaches(
  config: EngineConfig,
  constructed: ConstructedModel,
  blockBytes: Platform["kvCacheBlockBytes"],
  log: WorkerHooks["log"],
) {
  const needs = cacheNeeds(config, constructed, blockBytes);
  const { blockSize } = needs;
  const limits = { blockSize, maxStepTokens: maxStepTokens(config) };
  const plan = planKVCache(needs.layers, limits, constructed.maxModelLen);
  const line = describePlan(plan);
  if (line !== undefined) log?.(line);
  if (blockSize !== config.blockSize)
    log?.(
      `KV cache: blocks hold ${blockSize} tokens instead of ${config.blockSize} (--block-size), as much as a state`,
    );
  if (needs.states.size > 0 && config.enablePrefixCaching)
    log?.("prefix caching is off: this model keeps a state for each request, which holds all of its tokens at once");
  return { needs, plan, use: { groups: plan.groups.map(({ group }) => group), ...limits } };
}

/** What config.json and generation_config.json say. */
export function describe(
  config: EngineConfig,
  { raw, architecture, dtype, generationConfig, parameters }: ConstructedModel,
) {
  const generation =
    config.generationConfig === "auto"
      ? generationConfig
      : config.generationConfig === "vllm"
        ? undefined
        : generationConfigAt(config.generationConfig);
  return {
    modelType: String(raw.model_type ?? ""),
    architecture,
    vocabSize: vocabSizeOf(raw),
    eosTokenIds: [
      ...new Set([
        ...tokenIds("config.json", raw.eos_token_id),
        ...tokenIds("generation_config.json", generation?.eos_token_id),
      ]),
    ],
    generationConfig: generation,
    dtype: dtype === "f32" ? "float32" : "bfloat16",
    numParameters: parameters.declared.reduce(
      (sum, { spec }) => sum + (spec.parts.length > 0 ? numElements(spec.shape) : 0),
      0,
    ),
  };
}

/** Of `--generation-config FOLDER`, where it must be. */
function generationConfigAt(folder: string): Record<string, unknown> {
  const found = readGenerationConfig(folder);
  if (found !== undefined) return found;
  throw new ConfigError(
    `--generation-config ${folder}: expected auto, vllm, or a folder with a generation_config.json`,
  );
}

/** One id, a list of them, or null. @throws ConfigError for anything else: such a model would never stop by itself */
function tokenIds(file: string, value: unknown): number[] {
  if (value === undefined || value === null) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (!list.every((id) => Number.isSafeInteger(id) && (id as number) >= 0))
    throw new ConfigError(
      `${file}: eos_token_id must be an integer from 0, a list of them, or null, got ${JSON.stringify(value)}`,
    );
  return list as number[];
}
