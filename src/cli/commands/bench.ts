/** `quire bench`: commands that measure. */
import type { CommandTable } from "../program.js";

export const commands: CommandTable = {
  latency: ["Time a fixed batch from prompt to last token.", () => import("./bench/latency.js")],
  throughput: ["Time many prompts given at once.", () => import("./bench/throughput.js")],
  serve: ["Time an OpenAI-compatible server from the client's side.", () => import("./bench/serve.js")],
  startup: ["Time the start of a process, to its first token.", () => import("./bench/startup.js")],
};
