/** Modules of a worker, loaded ahead: reading them takes turns with other work of a process that will need one. */
import { preloadPlatform } from "../platform/platforms.js";

/** Begins to load what makes a worker on the usual platform; what is wrong is told by whoever loads it in earnest. */
export function preloadWorker(): void {
  import("./create-worker.js").catch(() => undefined);
  preloadPlatform();
}
