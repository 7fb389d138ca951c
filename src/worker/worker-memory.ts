/** WorkerMemory: the worker's large memory while it sleeps. */
import type { Address, Platform } from "../platform/platform.js";
import type { SleepLevel, WakeTag } from "../request/pause.js";

/** Gives the memory of weights and KV cache back to the system, and makes it usable again. */
export class WorkerMemory {
  readonly #platform: Platform;
  readonly #weights: readonly Address[];
  readonly #kvCache: readonly Address[];
  readonly #refill: () => Promise<void>;
  #hasWeights = true;
  #filling: Promise<void> | undefined;

  /** @param refill reads the weights again */
  constructor(
    platform: Platform,
    weights: readonly Address[],
    kvCache: readonly Address[],
    refill: () => Promise<void>,
  ) {
    this.#platform = platform;
    this.#weights = weights;
    this.#kvCache = kvCache;
    this.#refill = refill;
  }

  /** What the KV cache holds is lost; at level 2 the weights too. A platform that cannot give memory back keeps it. */
  sleep(level: SleepLevel): void {
    const platform = this.#platform;
    if (platform.discard === undefined) return;
    for (const address of this.#kvCache) platform.discard(address);
    if (level < 2) return;
    this.#hasWeights = false;
    for (const address of this.#weights) platform.discard(address);
  }

  /** @throws CheckpointError (as a rejection) if the weights cannot be read again */
  async wakeUp(tags: readonly WakeTag[]): Promise<void> {
    if (this.#hasWeights || !tags.includes("weights")) return;
    this.#filling ??= this.#refill().finally(() => (this.#filling = undefined));
    await this.#filling;
    this.#hasWeights = true;
  }
}
