/** Server-sent events out of raw bytes, however the network cuts them. */

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const DATA = Buffer.from("data:");

/** One stream. Lines end in LF or CRLF; fields other than `data` are left out, as are comments. */
export class SseParser {
  readonly #onData: (data: string) => void;
  /** Bytes of a line whose end has not come, in the pieces they came in. */
  #rest: Buffer[] = [];
  /** Data lines of an event whose end has not come. */
  #lines: string[] = [];

  /** @param onData gets the data of each event */
  constructor(onData: (data: string) => void) {
    this.#onData = onData;
  }

  /** Takes the next bytes; events that are complete now are handed out before it returns. */
  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      let line = chunk.subarray(start, end);
      if (this.#rest.length > 0) {
        line = Buffer.concat([...this.#rest, line]);
        this.#rest = [];
      }
      this.#line(line);
      start = end + 1;
    }
    if (start < chunk.length) this.#rest.push(chunk.subarray(start));
  }

  /** The stream has ended: an event that only lacks its last empty line counts. */
  end(): void {
    if (this.#rest.length > 0) this.push(Buffer.from("\n"));
    this.#dispatch();
  }

  #line(bytes: Buffer): void {
    const length = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
    if (length === 0) return this.#dispatch();
    if (length < DATA.length || bytes.compare(DATA, 0, DATA.length, 0, DATA.length) !== 0) return;
    const from = bytes[DATA.length] === 0x20 ? DATA.length + 1 : DATA.length;
    this.#lines.push(bytes.toString("utf8", Math.min(from, length), length));
  }

  #dispatch(): void {
    if (this.#lines.length === 0) return;
    const data = this.#lines.length === 1 ? this.#lines[0]! : this.#lines.join("\n");
    this.#lines = [];
    this.#onData(data);
  }
}
