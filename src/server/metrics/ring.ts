/** Ring: the last so many things that were put in. */

export class Ring<T> {
  readonly #items: T[] = [];
  readonly #capacity: number;
  /** Where the next one goes, once it is full. */
  #next = 0;

  /** @param capacity at least 1 */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The one put in last. */
  get last(): T | undefined {
    return this.#items.at(this.#next - 1);
  }

  /** Puts one in; the oldest goes when it is full. */
  add(item: T): void {
    if (this.#items.length < this.#capacity) {
      this.#items.push(item);
    } else {
      this.#items[this.#next] = item;
      this.#next = (this.#next + 1) % this.#capacity;
    }
  }

  /** Oldest first. */
  toArray(): T[] {
    return [...this.#items.slice(this.#next), ...this.#items.slice(0, this.#next)];
  }
}
