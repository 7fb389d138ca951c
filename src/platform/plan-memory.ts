/** Gives every buffer of a program a place in one workspace, so that buffers alive at the same time do not overlap. */

/** A buffer: alive from the op that first names it to the op that last does, both included. */
export interface Lifetime {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

export interface MemoryPlan {
  /** Byte offset of each buffer, multiples of `planAlignment`. */
  readonly offsets: readonly number[];
  /** Size of the whole workspace. */
  readonly bytes: number;
}

/** A cache line; vectors never straddle two buffers' lines. */
export const planAlignment = 64;

interface Block {
  readonly start: number;
  readonly end: number;
  readonly last: number;
}

/**
 * Walks over the ops in order and puts each new buffer into the tightest gap between those that are alive.
 * @param buffers in any order; offsets come back in the same order
 */
export function planMemory(buffers: readonly Lifetime[]): MemoryPlan {
  const offsets = buffers.map(() => 0);
  const order = buffers.map((_, i) => i).sort((a, b) => buffers[a]!.first - buffers[b]!.first || a - b);
  let alive: Block[] = []; // ascending, not overlapping
  let bytes = 0;
  for (const i of order) {
    const buffer = buffers[i]!;
    alive = alive.filter((block) => block.last >= buffer.first);
    const size = Math.max(planAlignment, Math.ceil(buffer.bytes / planAlignment) * planAlignment);
    const { start, at } = tightestGap(alive, size);
    alive.splice(at, 0, { start, end: start + size, last: buffer.last });
    offsets[i] = start;
    bytes = Math.max(bytes, start + size);
  }
  return { offsets, bytes };
}

/** The smallest gap that holds `size` (or the end), and its index among the blocks. */
function tightestGap(alive: readonly Block[], size: number): { start: number; at: number } {
  let best = Infinity;
  let start = alive.at(-1)?.end ?? 0;
  let at = alive.length;
  let end = 0;
  alive.forEach((block, i) => {
    const gap = block.start - end;
    if (gap >= size && gap < best) [best, start, at] = [gap, end, i];
    end = block.end;
  });
  return { start, at };
}
