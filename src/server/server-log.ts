/** The server's log: plain lines, each written where the caller wants it. */

/** Different lines that `once` remembers; further ones are dropped, so that clients cannot fill memory or disk. */
const MAX_ONCE = 200;

export class ServerLog {
  readonly #write: (line: string) => void;
  readonly #seen = new Set<string>();

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  /** Writes a line; control characters of clients' words become spaces. */
  line(text: string): void {
    // oxlint-disable-next-line no-control-regex
    this.#write(text.replace(/[\x00-\x09\x0b-\x1f\x7f]/g, " "));
  }

  /** Writes the line the first time only. */
  once(text: string): void {
    if (this.#seen.has(text) || this.#seen.size >= MAX_ONCE) return;
    this.#seen.add(text);
    this.line(text.replaceAll("\n", " "));
  }
}
