/** Opens and reads damaged checkpoints: each must work or end in a CheckpointError, soon and in little memory. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCheckpoint } from "../../src/checkpoint/open-checkpoint.js";
import { CheckpointError } from "../../src/util/errors.js";
import { makeRandom, mutate } from "./mutate.js";
import { makeSeeds, type FuzzSeed } from "./seeds.js";

/** Larger tensors of a damaged file are not read whole. */
const maxReadBytes = 4 * 2 ** 20;

/** Which cases to run: numbers [first, first + count) of a seed. */
export interface FuzzRange {
  seed: number;
  first: number;
  count: number;
  /** The longest that one case may take, and the most that the process's memory may grow. Where it does other work too: Infinity. */
  maxCaseMs: number;
  maxGrowthBytes: number;
}

/** A case that broke a rule; run it alone with its number as `first`. */
export interface FuzzFailure {
  number: number;
  format: string;
  what: string;
}

/** What came of it. */
export interface FuzzReport {
  /** Per format: cases that opened, and cases that were refused. */
  outcomes: Record<string, { opened: number; refused: number }>;
  /** Refusals with file names, numbers and quoted names taken out. */
  messages: Set<string>;
  failures: FuzzFailure[];
  slowestMs: number;
  growthBytes: number;
}

/** Runs the cases one after the other. Deterministic but for times and memory. */
export function fuzzReaders({ seed, first, count, maxCaseMs, maxGrowthBytes }: FuzzRange): FuzzReport {
  const report: FuzzReport = { outcomes: {}, messages: new Set(), failures: [], slowestMs: 0, growthBytes: 0 };
  const root = mkdtempSync(join(tmpdir(), "quire-fuzz-"));
  try {
    const seeds = makeSeeds();
    const folders = seeds.map((item, i) => prepare(root, i, item));
    const splices = seeds.map(({ bytes }) => bytes);
    for (const folder of folders) openAndRead(folder);
    const baseline = peakBytes();
    for (let number = first; number < first + count; number++) {
      const which = number % seeds.length;
      const item = seeds[which]!;
      const random = makeRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b));
      writeFileSync(join(folders[which]!, item.name), mutate(random, item.bytes, splices));
      const ms = runCase(report, folders[which]!, item.format, number);
      if (ms > maxCaseMs) report.failures.push({ number, format: item.format, what: `took ${ms.toFixed(0)} ms` });
      report.growthBytes = peakBytes() - baseline;
      if (report.growthBytes > maxGrowthBytes) {
        report.failures.push({ number, format: item.format, what: `memory grew by ${report.growthBytes} bytes` });
        break;
      }
    }
  } finally {
    rmSync(root, { recursive: true });
  }
  return report;
}

/** A folder with the seed's files; checks nothing. */
function prepare(root: string, index: number, { name, bytes, others }: FuzzSeed): string {
  const folder = join(root, String(index));
  mkdirSync(folder);
  for (const [file, content] of Object.entries({ ...others, [name]: bytes }))
    writeFileSync(join(folder, file), content);
  return folder;
}

/** Runs one case; its time in milliseconds. */
function runCase(report: FuzzReport, folder: string, format: string, number: number): number {
  const outcome = (report.outcomes[format] ??= { opened: 0, refused: 0 });
  const start = performance.now();
  try {
    openAndRead(folder);
    outcome.opened++;
  } catch (error) {
    outcome.refused++;
    const text = error instanceof Error ? error.message : String(error);
    if (!(error instanceof CheckpointError))
      report.failures.push({ number, format, what: error instanceof Error ? (error.stack ?? text) : text });
    report.messages.add(`${format}: ${text.replace(/"(?:[^"\\]|\\.)*"|\/\S+|-?\d+(\.\d+)?/g, "_").slice(0, 90)}`);
  }
  const ms = performance.now() - start;
  report.slowestMs = Math.max(report.slowestMs, ms);
  return ms;
}

/** Opens a folder, reads the first and last bytes of every tensor, and small ones whole. */
function openAndRead(folder: string): void {
  const checkpoint = openCheckpoint(folder);
  try {
    for (const { name, byteLength } of checkpoint.tensors.values()) {
      if (byteLength > maxReadBytes) continue;
      checkpoint.read(name, 0, byteLength, new Uint8Array(byteLength));
      if (byteLength > 0) checkpoint.read(name, byteLength - 1, 1, new Uint8Array(1));
    }
  } finally {
    checkpoint.close();
  }
}

/** The most memory that the process has had at once. */
function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
