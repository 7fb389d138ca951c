/** Processes that the harness starts: none outlives it, and each has the last lines of its standard error for messages. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createServer } from "node:net";

const KEPT_CHARACTERS = 2000;
const STOP_MS = 10_000;

/** A child in a process group of its own, which is stopped as a whole. */
export class Subprocess {
  readonly child: ChildProcess;
  readonly name: string;
  /** Settles when the process has ended; never rejects. */
  readonly ended: Promise<void>;
  #errors = "";

  constructor(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.name = command.split("/").at(-1)!;
    this.child = spawn(command, args, { env: { ...process.env, ...env }, stdio: "pipe", detached: true });
    running.add(this);
    this.child.stderr!.on("data", (data: Buffer) => {
      this.#errors = (this.#errors + data.toString()).slice(-KEPT_CHARACTERS);
    });
    this.child.stdin!.on("error", () => {});
    this.ended = new Promise((resolve) => {
      const end = () => {
        running.delete(this);
        resolve();
      };
      this.child.once("close", end);
      this.child.once("error", (error) => {
        this.#errors += String(error);
        end();
      });
    });
  }

  /** An error with the last lines that the process wrote. */
  failure(what: string): Error {
    const { exitCode, signalCode } = this.child;
    const state = exitCode ?? signalCode ?? "running";
    return new Error(`${this.name}: ${what} (exit: ${state}); its last lines:\n${this.#errors.trimEnd()}`);
  }

  /** Standard output until the process ends. @throws Error if it fails or takes longer than `timeoutMs` */
  async output(timeoutMs: number): Promise<string> {
    let text = "";
    this.child.stdout!.on("data", (data: Buffer) => (text += data.toString()));
    this.child.stdin!.end();
    const timer = setTimeout(() => this.kill("SIGKILL"), timeoutMs);
    await this.ended;
    clearTimeout(timer);
    if (this.child.exitCode !== 0) throw this.failure(`failed or took longer than ${timeoutMs / 1000} s`);
    return text;
  }

  /** Closes standard input and asks the process to end; after a while insists. */
  async stop(signal: NodeJS.Signals | undefined = "SIGTERM"): Promise<void> {
    this.child.stdin!.end();
    if (signal) this.kill(signal);
    const timer = setTimeout(() => this.kill("SIGKILL"), STOP_MS);
    await this.ended;
    clearTimeout(timer);
    this.kill("SIGKILL"); // what is left of the group
  }

  kill(signal: NodeJS.Signals): void {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, signal);
    } catch {
      // The group has ended.
    }
  }
}

const running = new Set<Subprocess>();

/** Ends all children when this process ends, however it ends. To be called once. */
export function endChildrenWithProcess(): void {
  process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));
}

/** A TCP port of this machine that is free at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
