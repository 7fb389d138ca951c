// src/cli/commands/bench.ts
const commands = {
	latency: ["Time a fixed batch from prompt to last token.", () => import("./latency-R44keXPh.js")],
	throughput: ["Time many prompts given at once.", () => import("./throughput-BNuPGl8R.js")],
	serve: ["Time an OpenAI-compatible server from the client's side.", () => import("./serve-BYWUaTDA.js")],
	startup: ["Time the start of a process, to its first token.", () => import("./startup-CoNJU97T.js")]
};
export { commands };
