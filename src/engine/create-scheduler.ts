/** The scheduler of a loaded model. */
import type { EngineConfig } from "../config/engine-config.js";
import { Scheduler } from "../scheduler/scheduler.js";
import type { ModelInfo } from "../worker/worker.js";

/** @throws ConfigError, ResourceError if config and model do not go together */
export function createScheduler(config: EngineConfig, info: ModelInfo): Scheduler {
  return new Scheduler({
    numBlocks: info.numBlocks,
    blockSize: info.blockSize,
    groups: info.kvCacheGroups,
    maxModelLen: info.maxModelLen,
    enablePrefixCaching: config.enablePrefixCaching,
    watermark: config.watermark,
    maxNumBatchedTokens: config.maxNumBatchedTokens,
    maxNumSeqs: config.maxNumSeqs,
    enableChunkedPrefill: config.enableChunkedPrefill,
    longPrefillTokenThreshold: config.longPrefillTokenThreshold,
    asyncScheduling: config.asyncScheduling,
    policy: config.schedulingPolicy,
  });
}
