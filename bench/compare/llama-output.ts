/** Reads what llama.cpp's benchmarks print. */

/** One line of `llama-batched-bench --output-format jsonl`. */
export interface BatchedBench {
  /** Sequences at once. */
  readonly batch: number;
  /** Tokens per second of all sequences together. */
  readonly prefillRate: number;
  readonly decodeRate: number;
}

/**
 * The measurements in the output of llama-batched-bench, in order; other lines are passed over.
 * @throws Error if there is none
 */
export function parseBatchedBench(output: string): BatchedBench[] {
  const found = output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .map((row) => ({ batch: row.pl, prefillRate: row.speed_pp, decodeRate: row.speed_tg }))
    .filter((row): row is BatchedBench => Object.values(row).every(Number.isFinite));
  if (found.length > 0) return found;
  throw new Error(
    `llama-batched-bench: expected a line of JSON with pl, speed_pp and speed_tg; got ${excerpt(output)}`,
  );
}

/**
 * Tokens per second of the one test in the output of `llama-bench -o json`.
 * @throws Error if there is no such test, or more than one
 */
export function parseLlamaBench(output: string): number {
  let tests: unknown;
  try {
    tests = JSON.parse(output);
  } catch {
    throw new Error(`llama-bench: expected JSON; got ${excerpt(output)}`);
  }
  const rates = (Array.isArray(tests) ? tests : []).map((test: { avg_ts?: unknown }) => test.avg_ts);
  const [rate] = rates;
  if (rates.length === 1 && typeof rate === "number" && rate > 0) return rate;
  throw new Error(`llama-bench: expected one test with avg_ts; got ${excerpt(output)}`);
}

/** "0.5.0 (build 1, commit de3ff81)" from the output of `llama-server --version`, else "unknown". */
export function parseVersion(output: string): string {
  return /^version:\s*(.+)$/m.exec(output)?.[1]?.trim() ?? "unknown";
}

function excerpt(output: string): string {
  return output.trim() === "" ? "nothing" : JSON.stringify(output.slice(-200));
}
