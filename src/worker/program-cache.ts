/** Compiled programs by shape, the least recently used ones dropped. */
import type { CompiledProgram } from "../platform/platform.js";

export class ProgramCache {
  private readonly programs = new Map<number, CompiledProgram>();
  private readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** The program for `key`, made by `compile` when it is not there. */
  get(key: number, compile: () => CompiledProgram): CompiledProgram {
    let program = this.programs.get(key);
    if (program) this.programs.delete(key);
    else program = compile();
    this.programs.set(key, program);
    if (this.programs.size > this.capacity) {
      const [oldest, dropped] = this.programs.entries().next().value!;
      this.programs.delete(oldest);
      dropped.dispose();
    }
    return program;
  }

  clear(): void {
    for (const program of this.programs.values()) program.dispose();
    this.programs.clear();
  }
}
