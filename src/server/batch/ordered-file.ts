/** A file of lines that become ready in any order and are written in their own; it has its name only when it is complete. */
import { open, rename } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { ResourceError } from "../../util/errors.js";

export class OrderedFile {
  readonly #path: string;
  readonly #partial: string;
  readonly #file: FileHandle;
  readonly #ready = new Map<number, string>();
  #next = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, partial: string, file: FileHandle) {
    this.#path = path;
    this.#partial = partial;
    this.#file = file;
  }

  /** Begins `PATH.partial`, over an older one. @throws ResourceError if it cannot be written */
  static async create(path: string): Promise<OrderedFile> {
    const partial = `${path}.partial`;
    try {
      return new OrderedFile(path, partial, await open(partial, "w"));
    } catch (cause) {
      throw unwritable(partial, cause);
    }
  }

  /** Where the lines are before `finish`. */
  get partialPath(): string {
    return this.#partial;
  }

  /** Lines written, or about to be. */
  get numWritten(): number {
    return this.#next;
  }

  /** Gives line `index`, from 0; settles when all that can be written is. @throws ResourceError (as a rejection), a full disk */
  async add(index: number, line: string): Promise<void> {
    this.#ready.set(index, line);
    let text = "";
    for (let line = this.#ready.get(this.#next); line !== undefined; line = this.#ready.get(this.#next)) {
      text += `${line}\n`;
      this.#ready.delete(this.#next++);
    }
    if (text !== "") this.#writing = this.#writing.then(() => this.#write(text));
    await this.#writing;
  }

  /** Gives the file its name. */
  async finish(): Promise<void> {
    await this.#writing;
    try {
      await this.#file.sync();
      await this.#file.close();
      await rename(this.#partial, this.#path);
    } catch (cause) {
      throw unwritable(this.#path, cause);
    }
  }

  /** Leaves the partial file as it is. */
  async abandon(): Promise<void> {
    await this.#writing.catch(() => {});
    await this.#file.close().catch(() => {});
  }

  async #write(text: string): Promise<void> {
    try {
      await this.#file.appendFile(text);
    } catch (cause) {
      throw unwritable(this.#partial, cause);
    }
  }
}

function unwritable(path: string, cause: unknown): ResourceError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new ResourceError(`${path} cannot be written (${code}): ${message}`, { cause });
}
