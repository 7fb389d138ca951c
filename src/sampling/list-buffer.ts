/** A list of 32-bit integers that grows, reused from step to step. */
export class ListBuffer {
  /** The first `length` of these count. Another array after growth. */
  words = new Int32Array(256);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  push(word: number): void {
    this.reserve(1);
    this.words[this.length++] = word;
  }

  /** Appends all; returns where they start. */
  append(words: Int32Array): number {
    this.reserve(words.length);
    const start = this.length;
    this.words.set(words, start);
    this.length += words.length;
    return start;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.words.length) return;
    const larger = new Int32Array(Math.max(this.length + count, 2 * this.words.length));
    larger.set(this.words.subarray(0, this.length));
    this.words = larger;
  }
}
