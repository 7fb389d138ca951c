/** The process that `quire bench startup` measures: loads, gives tokens, ends; says so as it goes. */
import type { EngineOptions } from "../../config/engine-config.js";
import { engineTokenPool } from "./engine-token-pool.js";
import { randomTokenIds } from "./random-prompts.js";
import { RandomSource } from "./random-source.js";
import type { StartupEvent, StartupPhase } from "./startup.js";

export interface StartupWork {
  readonly inputLen: number;
  readonly outputLen: number;
}

/** @param tell takes each event, at once */
export async function runStartupChild(
  engine: EngineOptions,
  work: StartupWork,
  tell: (event: StartupEvent) => void,
): Promise<void> {
  const commandMs = performance.now();
  const { LLM } = await import("../../engine/llm.js");
  const loadMs = performance.now();
  const progress = new Map<string, StartupPhase>();
  const note = ({ phase }: { phase: string }): void => {
    const endMs = performance.now();
    progress.set(phase, { name: phase, startMs: progress.get(phase)?.startMs ?? endMs, endMs });
  };
  await using llm = new LLM(engine, { progress: note });
  await llm.ready();
  const readyMs = performance.now();
  const phases: StartupPhase[] = [
    { name: "node and command line", startMs: 0, endMs: commandMs },
    { name: "engine's modules", startMs: commandMs, endMs: loadMs },
    { name: "loading", startMs: loadMs, endMs: readyMs },
    ...[...progress.values()].map((phase) => ({ ...phase, name: `  ${phase.name}` })),
  ];
  tell({ event: "ready", phases });
  const prompt = randomTokenIds(new RandomSource(0), work.inputLen, await engineTokenPool(llm));
  const params = { temperature: 0, maxTokens: work.outputLen, ignoreEos: true };
  let isFirst = true;
  for await (const _ of llm.stream(prompt, params)) {
    if (isFirst) tell({ event: "first token" });
    isFirst = false;
  }
}
