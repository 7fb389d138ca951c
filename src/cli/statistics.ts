/** The line of figures that `serve` prints while it works. */
import type { EngineStats } from "../engine/engine-stats.js";

const INTERVAL_MS = 10_000;

/**
 * One line about the time between two looks; undefined when nothing ran in it.
 *
 * @param seconds  between the looks
 */
export function statisticsLine(before: EngineStats, now: EngineStats, seconds: number): string | undefined {
  const generated = now.numGeneratedTokens - before.numGeneratedTokens;
  const computed = now.numScheduledTokens - before.numScheduledTokens;
  if (computed === 0 && now.numRunning === 0 && now.numWaiting === 0) return undefined;
  const queries = now.prefixCache.queries - before.prefixCache.queries;
  const hits = now.prefixCache.hits - before.prefixCache.hits;
  const hitRate = queries > 0 ? `, prefix hits ${percent(hits / queries)}` : "";
  return (
    `${(generated / seconds).toFixed(1)} tokens/s generated, ${(computed / seconds).toFixed(1)} tokens/s computed; ` +
    `${now.numRunning} running, ${now.numWaiting} waiting; KV cache ${percent(now.kvCacheUsage)}${hitRate}`
  );
}

/** Prints such a line every ten seconds while there is something to say. The function that comes back ends it. */
export function printStatistics(stats: () => EngineStats, print: (line: string) => void): () => void {
  let before = stats();
  let at = performance.now();
  const timer = setInterval(() => {
    const now = stats();
    const line = statisticsLine(before, now, (performance.now() - at) / 1000);
    before = now;
    at = performance.now();
    if (line !== undefined) print(line);
  }, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
