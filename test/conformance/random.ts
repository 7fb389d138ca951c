/** Seeded pseudo-random numbers for test inputs; the same on every machine. */

/** Hash of a text, for seeds (FNV-1a, 32 bits). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A generator of numbers in [0, 1), from a 32-bit seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** A permutation of 0 .. count - 1. */
export function shuffled(count: number, seed: number): number[] {
  const random = createRandom(seed);
  const list = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
  return list;
}

/** How an element's value is made from a generator. */
export type Fill = (random: () => number) => number;

/** Kinds of values that inputs are made of. */
export const fills = {
  /** -1 .. 1 */
  unit: (random) => random() * 2 - 1,
  /** -8 .. 8, where activations bend */
  wide: (random) => random() * 16 - 8,
  /** around 1, for norm weights */
  aroundOne: (random) => 0.5 + random(),
  /** up to 1e15 either way: squares stay finite in f32 */
  big: (random) => (random() * 2 - 1) * 1e15,
  /** denormal f32 */
  denormal: (random) => (random() * 2 - 1) * 1e-39,
  /** mostly small, now and then large, as real activations are */
  outliers: (random) => (random() * 2 - 1) * (random() < 0.02 ? 100 : 0.1),
} satisfies Record<string, Fill>;
