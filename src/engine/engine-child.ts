/** EngineChild: the engine core's process as its parent sees it: starting, messages, and how it ended. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ResourceError } from "../util/errors.js";
import { packageRoot } from "../util/package-root.js";
import { messageOf } from "../util/text.js";
import { FrameReader, FrameWriter } from "./wire/frames.js";
import type { CoreMessage, FrontMessage } from "./wire/messages.js";

/** The file descriptor of the child's end of the socket. */
export const SOCKET_FD = 3;

/** Milliseconds from the end of either, socket or process, to the end of the other. */
const END_LIMIT_MS = 500;

/** From sources (tests, tsx) or from bundles. */
const isSource = import.meta.url.endsWith(".ts");

/** The module that the process runs. */
function defaultEntry(): string {
  return isSource
    ? fileURLToPath(new URL("engine-process.ts", import.meta.url))
    : join(packageRoot, "dist", "engine", "engine-process.js");
}

/** What node is told before the entry: as this process was, less what concerns this process alone. */
export function childExecArgv(execArgv: readonly string[], entry: string): string[] {
  const kept: string[] = [];
  for (let i = 0; i < execArgv.length; i++) {
    const arg = execArgv[i]!;
    // `node -e CODE`: the code is an argument of its own.
    if (/^(-e|-p|-pe|--eval|--print)$/.test(arg)) i++;
    else if (!/^(-i$|-c$|--(eval|print|inspect|watch|test|input-type|interactive|check)\b)/.test(arg)) kept.push(arg);
  }
  if (!entry.endsWith(".ts") || kept.some((arg) => /(^|[/=])tsx\b/.test(arg))) return kept;
  const tsx = createRequire(join(packageRoot, "package.json")).resolve("tsx/esm");
  return [...kept, "--import", pathToFileURL(tsx).href];
}

/**
 * Starts a process and talks with it over a pair of unix sockets that no other process has: there is no path that somebody could
 * open, and nothing to remove. The child has one end as file descriptor 3; it ends when the other one closes.
 */
export class EngineChild {
  /** Gets every message, in order. */
  onMessage: (message: CoreMessage) => void = () => undefined;
  /** Called once, after the last message: nothing more will come, and the process is no more. `end` says how it ended. */
  onEnd: (end: string) => void = () => undefined;
  /** Settles with `onEnd`. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #socket: Socket;
  readonly #writer = new FrameWriter();
  readonly #reader = new FrameReader();
  #isEnded = false;
  #broken: Error | undefined;

  /** @throws ResourceError if no process can be started */
  constructor(entry = defaultEntry()) {
    const args = [...childExecArgv(process.execArgv, entry), entry];
    // What the child prints goes to standard error: standard output is the program's own.
    try {
      this.#child = spawn(process.execPath, args, { stdio: ["ignore", 2, 2, "pipe"] });
    } catch (cause) {
      throw notStarted(cause);
    }
    this.#child.on("error", () => undefined);
    // There are none where there are no more file descriptors.
    const socket = (this.#child.stdio as ChildProcess["stdio"] | undefined)?.[SOCKET_FD];
    if (!socket) throw notStarted(new Error("no socket could be made"));
    this.#socket = socket as Socket;
    this.ended = this.#watch();
  }

  /** Undefined if it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Sends a message; nothing happens after the end. @throws ShapeError if it is not plain data */
  send(message: FrontMessage): void {
    if (this.#isEnded || !this.#socket.writable) return;
    this.#socket.write(this.#writer.frame(message));
  }

  /** Ends the process at once, stopped or not. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Whether the process and its socket keep this process alive. */
  hold(isHeld: boolean): void {
    if (isHeld) {
      this.#child.ref();
      this.#socket.ref();
    } else {
      this.#child.unref();
      this.#socket.unref();
    }
  }

  async #watch(): Promise<void> {
    const child = this.#child;
    const socket = this.#socket;
    const killAtExit = (): void => this.kill();
    process.once("exit", killAtExit);
    socket.on("data", (bytes: Buffer) => this.#read(bytes));
    // Whatever breaks the socket also closes it.
    socket.on("error", () => undefined);
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    const exited = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(child.pid === undefined ? notStarted(error).message : messageOf(error)));
      child.once("exit", (code, signal) => resolve(describeEnd(child.pid, code, signal)));
    });
    await Promise.race([exited, closed]);
    // A process that lives on without its socket is of no use; and what it wrote before its end is still to be read.
    const timer = setTimeout(() => {
      this.kill();
      socket.destroy();
    }, END_LIMIT_MS);
    const [end] = await Promise.all([exited, closed]);
    clearTimeout(timer);
    process.removeListener("exit", killAtExit);
    this.#isEnded = true;
    this.onEnd(this.#broken === undefined ? end : messageOf(this.#broken));
  }

  #read(bytes: Buffer): void {
    try {
      for (const message of this.#reader.read(bytes)) this.onMessage(message as CoreMessage);
    } catch (error) {
      this.#broken = error as Error;
      this.#socket.destroy();
      this.kill();
    }
  }
}

function describeEnd(pid: number | undefined, code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === null) return `its process (${pid}) ended with code ${code}`;
  const hint = signal === "SIGKILL" ? "; the kernel does that when memory runs out (dmesg tells)" : "";
  return `its process (${pid}) was ended by ${signal}${hint}`;
}

function notStarted(cause: unknown): ResourceError {
  return new ResourceError(
    `the engine's process could not be started: ${messageOf(cause)}; engine "in-process" (--engine in-process) needs none`,
    { cause },
  );
}
