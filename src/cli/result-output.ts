/** Where a benchmark's figures go: a table to read, and with --json a file or standard output. */
import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import { benchReport, reportJson, writeResultFile } from "../tools/bench/report.js";
import type { BenchReport } from "../tools/bench/report.js";
import { UsageError } from "./exit.js";

/** Adds --json. */
export function addJsonFlag(command: Command): void {
  command.option("--json <file>", "Write all figures and settings as JSON; - is standard output.");
}

/** Prints tables as they come, and the whole result at the end. */
export class ResultOutput {
  readonly #json: string | undefined;

  /** @throws UsageError if the file could not be written later */
  constructor(json: string | undefined) {
    this.#json = json;
    if (json !== undefined && json !== "-") checkWritable("--json", json);
  }

  /** Text for a reader: to standard output, or to standard error when JSON goes there. */
  print(text: string): void {
    (this.#json === "-" ? process.stderr : process.stdout).write(text);
  }

  /** Writes the report. @throws ResourceError if its file cannot be written */
  finish(benchmark: BenchReport<object, object>["benchmark"], version: string, settings: object, result: object): void {
    if (this.#json === undefined) return;
    const text = reportJson(benchReport(benchmark, version, settings, result));
    if (this.#json === "-") process.stdout.write(text);
    else writeResultFile(this.#json, text);
  }
}

/** Better now than after an hour of measuring. @throws UsageError if no file can be written there */
export function checkWritable(flag: string, path: string): void {
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there?.isDirectory()) throw new Error("it is a folder");
    accessSync(there === undefined ? dirname(path) : path, constants.W_OK);
  } catch (error) {
    throw new UsageError(`${flag} ${path}: cannot be written: ${(error as Error).message}`);
  }
}
