/** LogLevel: how much a line of the log matters, by Python's names as vLLM's flags have them. */

export type LogLevel = "debug" | "info" | "warning" | "error" | "critical";

const ORDER: readonly LogLevel[] = ["debug", "info", "warning", "error", "critical"];

/** Whether a line of this level is written where `least` is asked for. */
export function isLogged(level: LogLevel, least: LogLevel): boolean {
  return ORDER.indexOf(level) >= ORDER.indexOf(least);
}

/** The level of a name in any case; `notset` and `trace` are debug. Undefined for what is no level. */
export function logLevelOf(name: string): LogLevel | undefined {
  const lower = name.toLowerCase();
  if (lower === "notset" || lower === "trace") return "debug";
  if (lower === "warn") return "warning";
  return ORDER.find((level) => level === lower);
}
