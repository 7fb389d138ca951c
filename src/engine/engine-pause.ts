/** EnginePause: holds an engine's requests back, and lets it sleep, in vLLM's order of things. */
import type { PauseMode, PauseState, SleepLevel, WakeTag } from "../request/pause.js";
import { PAUSE_MODES, WAKE_TAGS } from "../request/pause.js";
import { RequestError } from "../util/errors.js";
import type { Transport } from "./transport.js";

export interface PauseOptions {
  /** Default: "abort". */
  readonly mode?: PauseMode;
  /** Forget cached prefixes once nothing runs; not with "keep". Default: true. */
  readonly clearCache?: boolean;
}

/** The front's side; the core knows only which requests it may take. Requests that come while paused wait. */
export class EnginePause {
  readonly #transport: Transport;
  readonly #abortAll: () => void;
  #state: PauseState = "unpaused";
  #sleepLevel: 0 | SleepLevel = 0;
  #asleep = new Set<WakeTag>();
  /** One thing after the other. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param abortAll ends all open requests */
  constructor(transport: Transport, abortAll: () => void) {
    this.#transport = transport;
    this.#abortAll = abortAll;
  }

  get state(): PauseState {
    return this.#state;
  }

  /** 0: awake; the level of the sleep until all of it is woken. */
  get sleepLevel(): 0 | SleepLevel {
    return this.#sleepLevel;
  }

  get isPaused(): boolean {
    return this.#state !== "unpaused";
  }

  /** A paused engine counts as sleeping at level 0, as in vLLM. */
  get isSleeping(): boolean {
    return this.isPaused || this.#sleepLevel > 0;
  }

  /** Settles when no request runs any more. @throws RequestError for an unknown mode; EngineDeadError (as rejections) */
  async pause(options: PauseOptions = {}): Promise<void> {
    const { mode = "abort", clearCache = true } = options;
    checkMode(mode);
    await this.#next(() => this.#pause(mode, clearCache));
  }

  /** Lets requests run again. @throws RequestError (as a rejection) while the engine sleeps */
  resume(): Promise<void> {
    return this.#next(() => {
      if (this.#sleepLevel > 0) throw new RequestError("the engine sleeps; wake it up to let requests run");
      return this.#set("unpaused");
    });
  }

  /**
   * Pauses, then gives memory back: level 0 nothing, 1 the KV cache's, 2 the weights' too.
   * @throws RequestError for another level or mode; UnsupportedError, EngineDeadError (as rejections)
   */
  async sleep(level = 1, mode: PauseMode = "abort"): Promise<void> {
    checkMode(mode);
    if (level !== 0 && level !== 1 && level !== 2) {
      throw new RequestError(`level: expected 0, 1 or 2; got ${level}`, { param: "level" });
    }
    await this.#next(async () => {
      await this.#pause(mode, level >= 1);
      if (level === 0) return;
      // Nothing may get into a step, not even what waits to be drained.
      await this.#set("paused_all");
      await this.#transport.call("drain");
      await this.#transport.call("sleep", level);
      this.#sleepLevel = level > this.#sleepLevel ? level : this.#sleepLevel;
      this.#asleep = new Set(WAKE_TAGS);
    });
  }

  /**
   * Wakes what the tags name, by default all; when nothing sleeps any more, requests run again.
   * @throws RequestError for an unknown tag; CheckpointError if the weights are gone; EngineDeadError (as rejections)
   */
  async wakeUp(tags?: readonly string[]): Promise<void> {
    const wanted = checkTags(tags);
    await this.#next(async () => {
      const sleeping = wanted.filter((tag) => this.#asleep.has(tag));
      if (sleeping.length > 0) await this.#transport.call("wakeUp", sleeping);
      for (const tag of sleeping) this.#asleep.delete(tag);
      if (this.#asleep.size > 0) return;
      this.#sleepLevel = 0;
      await this.#set("unpaused");
    });
  }

  async #pause(mode: PauseMode, clearCache: boolean): Promise<void> {
    await this.#set(mode === "keep" ? "paused_all" : "paused_new");
    if (mode === "keep") return;
    if (mode === "abort") this.#abortAll();
    await this.#transport.call("drain");
    if (clearCache) await this.#transport.call("resetPrefixCache");
  }

  async #set(state: PauseState): Promise<void> {
    await this.#transport.call("setPause", state);
    this.#state = state;
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

function checkMode(mode: string): void {
  if ((PAUSE_MODES as readonly string[]).includes(mode)) return;
  throw new RequestError(`mode: expected one of ${PAUSE_MODES.join(", ")}; got ${JSON.stringify(mode.slice(0, 40))}`, {
    param: "mode",
  });
}

/** "scheduling" names what is no memory: letting requests run. */
function checkTags(tags: readonly string[] | undefined): WakeTag[] {
  if (tags === undefined) return [...WAKE_TAGS];
  const known: readonly string[] = [...WAKE_TAGS, "scheduling"];
  const wrong = tags.find((tag) => !known.includes(tag));
  if (wrong !== undefined) {
    throw new RequestError(`tags: expected any of ${known.join(", ")}; got ${JSON.stringify(wrong.slice(0, 40))}`, {
      param: "tags",
    });
  }
  return WAKE_TAGS.filter((tag) => tags.includes(tag));
}
