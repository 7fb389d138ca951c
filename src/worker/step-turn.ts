/** StepTurn: how far a step of the worker has come, for the step after it, which may be prepared meanwhile. */
export class StepTurn {
  #isQueued = false;
  #isEnded = false;
  readonly #onQueued: (() => void)[] = [];
  readonly #onEnded: (() => void)[] = [];

  /** All that it needs is with the platform, or it has ended: the next one may be prepared. */
  get isQueued(): boolean {
    return this.#isQueued;
  }

  /** Its results are taken up, or it failed. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  queue(): void {
    this.#isQueued = true;
    for (const call of this.#onQueued.splice(0)) call();
  }

  end(): void {
    this.queue();
    this.#isEnded = true;
    for (const call of this.#onEnded.splice(0)) call();
  }

  untilQueued(): Promise<void> {
    return this.#isQueued ? Promise.resolve() : new Promise((resolve) => this.#onQueued.push(resolve));
  }

  untilEnded(): Promise<void> {
    return this.#isEnded ? Promise.resolve() : new Promise((resolve) => this.#onEnded.push(resolve));
  }
}
