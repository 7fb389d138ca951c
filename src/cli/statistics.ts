/** The line of figures that `serve` logs while it works. */
import type { AsyncLLM } from "../engine/async-llm.js";
import { StatsLine } from "../server/metrics/stats-line.js";

/** Logs a line each interval while there is something to say. The function that comes back ends it. */
export function logStatistics(
  engine: Pick<AsyncLLM, "observe">,
  print: (line: string) => void,
  intervalMs: number,
): () => void {
  const stats = new StatsLine(performance.now());
  const ignore = engine.observe(stats);
  const timer = setInterval(() => {
    const line = stats.next(performance.now());
    if (line !== undefined) print(line);
  }, intervalMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    ignore();
  };
}
