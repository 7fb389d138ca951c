/** What GET /server_info tells: options in force, variables, the machine. Fields have vLLM's names. */
import { arch, cpus, platform, release, totalmem } from "node:os";
import { inspect } from "node:util";
import { processEnvironment } from "../../config/environment.js";

export interface ServerInfo {
  /** The engine's options: text, or an object with `config_format=json`. */
  vllm_config: string | object;
  /** Variables of Quire; those with a key are left out. */
  vllm_env: Record<string, string>;
  system_env: Record<string, string | number>;
}

export function serverInfo(config: object, format: "text" | "json"): ServerInfo {
  const variables = Object.entries(processEnvironment()).filter(
    (entry): entry is [string, string] =>
      entry[0].startsWith("QUIRE_") && !/KEY|TOKEN|SECRET|PASSWORD/.test(entry[0]) && entry[1] !== undefined,
  );
  return {
    vllm_config: format === "json" ? config : inspect(config, { depth: 6, breakLength: 120 }),
    vllm_env: Object.fromEntries(variables),
    system_env: {
      node: process.version,
      os: `${platform()} ${release()} ${arch()}`,
      cpu: cpus()[0]?.model ?? "unknown",
      num_cpus: cpus().length,
      memory_bytes: totalmem(),
    },
  };
}
