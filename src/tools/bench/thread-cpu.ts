/** CPU time of the JavaScript thread alone. */
import { readFileSync } from "node:fs";

/**
 * Milliseconds of CPU time that the main thread has had. Where the system does not tell (it is not Linux), the process's
 * user time, compute threads included. Wall time would count the moments in which compute threads run in its place.
 */
export function threadCpuMs(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  } catch {
    return process.cpuUsage().user / 1e3;
  }
}
