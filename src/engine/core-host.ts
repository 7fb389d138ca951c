/** CoreHost: the engine core's end of the socket, in its own process. */
import type { Socket } from "node:net";
import type { EngineConfig } from "../config/engine-config.js";
import type { ProgramPlace } from "../plugins/program-place.js";
import { logitsProcessors } from "../request/logits-processor.js";
import { createInProcessTransport } from "./in-process-transport.js";
import type { StepMarks } from "./step-marks.js";
import type { EngineCoreOutput, Transport, UtilityCalls } from "./transport.js";
import { errorToData } from "./wire/error-data.js";
import { FrameReader, FrameWriter } from "./wire/frames.js";
import type { CoreFigures, CoreMessage, FrontMessage } from "./wire/messages.js";
import { outputToRow } from "./wire/output-row.js";
import type { CreateWorker } from "../worker/worker.js";

/** Bytes that may wait in the socket before further steps are gathered into one message. */
const MAX_WAITING_BYTES = 256 * 1024;
/** Bytes that may wait before profiles of steps are left out. */
const MAX_WAITING_PROFILE_BYTES = 64 * 1024 * 1024;

/** `closed`: as the front asked. `died`: the front was told. `orphaned`: the front is gone. */
export type HostEnd = "closed" | "died" | "orphaned";

/**
 * Loads the model that the first message names, and joins its core with the socket. A front that is slow to read never holds a
 * step up: what it has not read yet is gathered, which takes no more memory than the open requests' own results.
 */
export class CoreHost {
  /** Settles when the process has no more to do and the last message is out. */
  readonly done: Promise<HostEnd>;
  readonly #socket: Socket;
  readonly #createWorker: CreateWorker;
  readonly #writer = new FrameWriter();
  #core: Transport | undefined;
  #isLoading = false;
  #stopProfile: (() => void) | undefined;
  /** What the front is still to get. */
  #outputs: EngineCoreOutput[] = [];
  #marks: [numOutputs: number, marks: StepMarks][] = [];
  #times: number[] = [];
  #finish!: (end: HostEnd) => void;

  constructor(socket: Socket, createWorker: CreateWorker) {
    this.#socket = socket;
    this.#createWorker = createWorker;
    this.done = new Promise((resolve) => (this.#finish = resolve));
    const reader = new FrameReader();
    socket.on("data", (bytes: Buffer) => {
      try {
        for (const message of reader.read(bytes)) this.#take(message as FrontMessage);
      } catch (error) {
        this.die(error);
      }
    });
    socket.on("drain", () => this.#sendStep());
    socket.on("error", () => this.#finish("orphaned"));
    socket.on("close", () => this.#finish("orphaned"));
  }

  /** Tells the front that the process can go no further, and ends. */
  die(cause: unknown): void {
    const error = errorToData(cause);
    const words = `${error.name === "Error" ? "" : `${error.name}: `}${error.message}`;
    if (this.#core === undefined) this.#send({ type: "failed", error });
    else this.#send({ type: "death", message: `the engine died: ${words}`, cause: error });
    this.#leave("died");
  }

  /** Ends the step under way, if it does so in time, and closes what the core has open. */
  async closeCore(limitMs: number): Promise<void> {
    const limit = new Promise<void>((resolve) => setTimeout(resolve, limitMs));
    await Promise.race([this.#core?.close(), limit]);
  }

  #take(message: FrontMessage): void {
    switch (message.type) {
      case "start":
        return void this.#load(message.config, message.program);
      case "add":
        return this.#core?.addRequests(message.requests);
      case "abort":
        return this.#core?.abort(message.requestIds);
      case "call":
        return void this.#call(message.id, message.name, message.args);
      case "profile":
        return this.#profile(message.on);
      case "ping":
        return this.#send({ type: "pong" });
      case "close":
        return void this.#close();
    }
  }

  async #load(config: EngineConfig, program: ProgramPlace): Promise<void> {
    if (this.#isLoading) return;
    this.#isLoading = true;
    try {
      const core = await createInProcessTransport(config, this.#createWorker, {
        program,
        log: (line) => this.#send({ type: "log", line }),
        progress: (progress) => this.#send({ type: "progress", progress }),
      });
      this.#core = core;
      core.listen({
        outputs: (outputs, marks) => {
          this.#outputs.push(...outputs);
          if (outputs.length > 0 || marks.starts.length > 0) this.#marks.push([outputs.length, marks]);
          this.#sendStep();
        },
        stepped: (wallMs, nativeMs) => void this.#times.push(wallMs, nativeMs),
        idle: () => this.#sendStep(),
        death: (message, cause) => {
          this.#sendStep();
          this.#send({ type: "death", message, cause: errorToData(cause) });
          this.#leave("died");
        },
      });
      const { timeOrigin } = performance;
      const info = { ...core.info, logitsProcessors: [...logitsProcessors().keys()] };
      this.#send({ type: "ready", info, stats: this.#figures(core), timeOrigin });
    } catch (error) {
      this.#send({ type: "failed", error: errorToData(error) });
      this.#leave("died");
    }
  }

  #sendStep(): void {
    const core = this.#core;
    if (core === undefined || this.#socket.writableLength > MAX_WAITING_BYTES) return;
    const outputs = this.#outputs.map(outputToRow);
    const times = this.#times;
    const marks = this.#marks;
    this.#outputs = [];
    this.#marks = [];
    this.#times = [];
    this.#send({ type: "step", step: { outputs, marks, times, stats: this.#figures(core) } });
  }

  #figures(core: Transport): CoreFigures {
    const { recentSteps: _, ...figures } = core.stats(0);
    return figures;
  }

  async #call(id: number, name: keyof UtilityCalls, args: readonly unknown[]): Promise<void> {
    if (this.#core === undefined) return;
    try {
      this.#send({ type: "answer", id, value: await this.#core.call(name, ...(args as never)) });
    } catch (error) {
      this.#send({ type: "refusal", id, error: errorToData(error) });
    }
  }

  #profile(isOn: boolean): void {
    this.#stopProfile?.();
    this.#stopProfile = isOn
      ? this.#core?.profileSteps((profile) => {
          if (this.#socket.writableLength < MAX_WAITING_PROFILE_BYTES) this.#send({ type: "profile", profile });
        })
      : undefined;
  }

  async #close(): Promise<void> {
    await this.#core?.close();
    this.#leave("closed");
  }

  #send(message: CoreMessage): void {
    if (this.#socket.writable) this.#socket.write(this.#writer.frame(message));
  }

  /** Ends the socket after what was sent. */
  #leave(end: HostEnd): void {
    this.#socket.end(() => this.#finish(end));
  }
}
