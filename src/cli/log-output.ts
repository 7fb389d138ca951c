/** Where `serve` writes its log: lines for people in a terminal, dated lines or JSON elsewhere. */
import { isLogged, type LogLevel } from "../util/log-level.js";
import type { LogFields, LogSink } from "../server/server-log.js";
import type { ServerConfig } from "../config/server-config.js";
import { LogWriter } from "./log-writer.js";
import { ProgressBar } from "./progress-bar.js";

/** Milliseconds that the last lines may take at the end. */
const DRAIN_LIMIT_MS = 500;

export interface LogOutput {
  /** For progress, and lines around it. */
  readonly bar: ProgressBar;
  readonly log: LogSink;
  /** Lines of the engine, which may be another process. */
  readonly engineLog: (line: string) => void;
  /** Lines that could not be written. */
  readonly numDropped: number;
  /** Waits for the last lines. */
  close(): Promise<void>;
}

/** Loads what the format needs: pino for JSON, nothing for text. */
export async function openLogOutput(config: Pick<ServerConfig, "logFormat" | "logLevel">): Promise<LogOutput> {
  if (config.logFormat === "json") return jsonOutput(config.logLevel);
  return process.stderr.isTTY ? terminalOutput() : textOutput(config.logLevel);
}

function terminalOutput(): LogOutput {
  const bar = new ProgressBar();
  const log = (line: string) => bar.line(line);
  return { bar, log, engineLog: log, numDropped: 0, close: async () => {} };
}

function textOutput(least: LogLevel): LogOutput {
  const writer = standardError();
  const log: LogSink = (line, level) => writer.write(`${logPrefix(level, new Date())} ${line}\n`);
  const bar = new ProgressBar({ write: (text) => isLogged("info", least) && log(text.trimEnd(), "info") });
  return {
    bar,
    log,
    engineLog: (line) => isLogged("info", least) && log(`[engine] ${line}`, "info"),
    get numDropped() {
      return writer.numDropped;
    },
    close: () => writer.drained(DRAIN_LIMIT_MS),
  };
}

async function jsonOutput(least: LogLevel): Promise<LogOutput> {
  const { default: pino } = await import("pino");
  const writer = standardError();
  const levels: Record<LogLevel, number> = { debug: 20, info: 30, warning: 40, error: 50, critical: 60 };
  const logger = pino<LogLevel>(
    {
      level: least,
      customLevels: levels,
      useOnlyCustomLevels: true,
      base: { pid: process.pid },
      messageKey: "message",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    writer,
  );
  const server = logger.child({ name: "server" });
  const engine = logger.child({ name: "engine" });
  const log: LogSink = (line, level, fields: LogFields = {}) => server[level](fields, line);
  return {
    bar: new ProgressBar({ write: (text) => server.info(text.trimEnd()) }),
    log,
    engineLog: (line) => engine.info(line),
    get numDropped() {
      return writer.numDropped;
    },
    close: () => writer.drained(DRAIN_LIMIT_MS),
  };
}

/** Also flushed when the process exits without having waited. */
function standardError(): LogWriter {
  const writer = new LogWriter(2);
  process.on("exit", () => writer.flush());
  return writer;
}

/** INFO 11-24 04:03:09 */
export function logPrefix(level: LogLevel, time: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":");
  return `${level.toUpperCase()} ${day} ${clock}`;
}
