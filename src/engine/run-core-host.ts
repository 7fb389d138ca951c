/** The life of an engine core's process: from the socket that it inherits to its end. */
import { Socket } from "node:net";
import type { CreateWorker } from "../worker/worker.js";
import { CoreHost } from "./core-host.js";
import { SOCKET_FD } from "./engine-child.js";

/** Milliseconds that a process without a front may take to close its files. */
const ORPHAN_LIMIT_MS = 500;

/**
 * Serves the front until that closes the core, or the core dies, or the front is gone, and ends the process. Signals that a terminal
 * or a service manager sends to all processes of a group are the front's to answer: it closes this one in order, and if it dies
 * instead, its end of the socket closes.
 */
export async function runCoreHost(createWorker: CreateWorker): Promise<never> {
  process.title = "quire: engine";
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);
  const host = new CoreHost(new Socket({ fd: SOCKET_FD, readable: true, writable: true }), createWorker);
  process.on("uncaughtException", (error) => host.die(error));
  process.on("unhandledRejection", (error) => host.die(error));
  const end = await host.done;
  if (end === "orphaned") {
    await host.closeCore(ORPHAN_LIMIT_MS);
    // Not process.exit: that might wait for a step under way, and nobody wants its result.
    process.kill(process.pid, "SIGKILL");
  }
  process.exit(end === "closed" ? 0 : 1);
}
