/** The server's log: lines with a level, each written where the caller wants it. */
import { isLogged, type LogLevel } from "../util/log-level.js";

/** Different lines that `once` remembers; further ones are dropped, so that clients cannot fill memory or disk. */
const MAX_ONCE = 200;

/** What a line says besides its text, for logs that machines read. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Takes one line; must not throw. */
export type LogSink = (line: string, level: LogLevel, fields?: LogFields) => void;

export class ServerLog {
  readonly #write: LogSink;
  readonly #least: LogLevel;
  readonly #seen = new Set<string>();

  /** @param least lines below this level are not written */
  constructor(write: LogSink, least: LogLevel = "info") {
    this.#write = write;
    this.#least = least;
  }

  /** Writes a line; control characters of clients' words become spaces. */
  line(text: string, level: LogLevel = "info", fields?: LogFields): void {
    if (!isLogged(level, this.#least)) return;
    // oxlint-disable-next-line no-control-regex
    this.#write(text.replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/g, " "), level, fields);
  }

  /** Writes the line the first time only. */
  once(text: string): void {
    if (this.#seen.has(text) || this.#seen.size >= MAX_ONCE) return;
    this.#seen.add(text);
    this.line(text.replaceAll("\n", " "), "warning");
  }
}
