/** A benchmark's result as a file: figures with everything that is needed to read them later. */
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { ResourceError } from "../../util/errors.js";
import { messageOf } from "../../util/text.js";

/** Where and when figures were taken. */
export interface BenchReport<Settings, Result> {
  readonly benchmark: "latency" | "throughput" | "serve" | "startup";
  /** ISO 8601, UTC. */
  readonly date: string;
  /** Version of Quire. */
  readonly quire: string;
  readonly node: string;
  readonly machine: {
    readonly os: string;
    readonly arch: string;
    readonly cpu: string;
    /** Cores that this process may use. */
    readonly cores: number;
    readonly memoryBytes: number;
  };
  readonly settings: Settings;
  readonly result: Result;
}

export function benchReport<Settings, Result>(
  benchmark: BenchReport<Settings, Result>["benchmark"],
  quire: string,
  settings: Settings,
  result: Result,
): BenchReport<Settings, Result> {
  const machine = {
    os: `${process.platform} ${release()}`,
    arch: process.arch,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
  };
  return { benchmark, date: new Date().toISOString(), quire, node: process.version, machine, settings, result };
}

/** The report as JSON: numbers with six significant digits after the point at most, infinity as "inf". */
export function reportJson(report: object): string {
  const show = (_: string, value: unknown): unknown => {
    if (value === Infinity) return "inf";
    return typeof value === "number" && !Number.isInteger(value) ? Number(value.toFixed(6)) : value;
  };
  return `${JSON.stringify(report, show, 2).replace(/\[\s+(-?[\d.e+-]+(?:,\s+-?[\d.e+-]+)*)\s+\]/g, onOneLine)}\n`;
}

/** Lists of plain numbers take one line. */
function onOneLine(list: string): string {
  return list.replace(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]");
}

/** @throws ResourceError if the file cannot be written */
export function writeResultFile(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    throw new ResourceError(`${path}: cannot be written: ${messageOf(cause)}`, { cause });
  }
}
