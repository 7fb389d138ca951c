/** Lanes of prefix cases: one Quire with prefix caching, asked for a prompt that it knows in part, and for one that it does not. */
import type { Case } from "./cases.js";
import type { Driver } from "./driver.js";
import { startQuire } from "./engine-lanes.js";
import { saltOf } from "./lane.js";
import type { Lane, Measured } from "./lane.js";
import type { ModelFiles } from "./setup.js";
import { firstTokenMs } from "./token-times.js";

class PrefixLane implements Lane {
  readonly name: string;
  readonly version: string;
  readonly pids = [];
  readonly #driver: Driver;
  /** Prompts begin alike in all rounds. */
  readonly #isCached: boolean;

  constructor(driver: Driver, version: string, isCached: boolean) {
    this.name = isCached ? "quire" : "quire cold";
    this.version = version;
    this.#driver = driver;
    this.#isCached = isCached;
  }

  async warm(spec: Case): Promise<void> {
    for (const round of [0, -1]) await this.#ask(spec, round);
  }

  async measure(spec: Case, round: number): Promise<Measured> {
    const { times, cachedTokens = 0 } = await this.#ask(spec, round);
    const isRight = this.#isCached ? cachedTokens > spec.cached! - 32 : cachedTokens === 0;
    if (!isRight) throw new Error(`${spec.name}: ${this.name} found ${cachedTokens} cached tokens`);
    return { values: { ttft: firstTokenMs(times) } };
  }

  async close(): Promise<void> {
    await this.#driver.close();
  }

  #ask({ context, cached }: Case, round: number) {
    const salt = this.#isCached ? 1 : saltOf(round + 10);
    return this.#driver.ask({ batch: 1, context, tokens: 1, salt, tail: context - cached!, tailSalt: round + 10 });
  }
}

/** Cached first, as Quire itself; cold in a peer's place. */
export async function prefixLanes(model: ModelFiles, threads: number, version: string): Promise<Lane[]> {
  const driver = await startQuire(model, threads, true);
  return [new PrefixLane(driver, version, true), new PrefixLane(driver, version, false)];
}
