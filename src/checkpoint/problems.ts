/** Collects what is wrong with a checkpoint, so that one error tells all of it. */
import { CheckpointError } from "../util/errors.js";

/** So many problems are spelled out; the rest are counted. */
const shown = 20;

/** A list of problems under one heading; `throwIfAny` ends in a CheckpointError. */
export class Problems {
  private readonly where: string;
  private readonly list: string[] = [];
  private count = 0;

  /** @param where the file or folder, the first words of the error */
  constructor(where: string) {
    this.where = where;
  }

  add(problem: string): void {
    this.count++;
    if (this.list.length < shown) this.list.push(problem);
  }

  get any(): boolean {
    return this.count > 0;
  }

  /** @throws CheckpointError with every problem: one in the same line, several as a list */
  throwIfAny(): void {
    if (this.count === 0) return;
    if (this.count === 1) throw new CheckpointError(`${this.where}: ${this.list[0]}`);
    const more = this.count > shown ? `\n  ... and ${this.count - shown} more` : "";
    throw new CheckpointError(`${this.where}: ${this.count} problems:\n  ${this.list.join("\n  ")}${more}`);
  }
}

/** A name from a file as shown in errors: quoted, escaped, and cut after 200 characters. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 200 ? `${name.slice(0, 200)}...` : name);
}
