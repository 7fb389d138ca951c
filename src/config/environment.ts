/** The only place that reads environment variables. */
import { homedir } from "node:os";
import { join } from "node:path";

/** Variables by name; a test hands in its own. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** Settings that only the environment gives, or that more than one room needs. */
export interface Environment {
  /** HF_ENDPOINT: where models are downloaded from; without a trailing slash. */
  readonly hfEndpoint: string;
  /** HF_TOKEN: bearer token of the hub. */
  readonly hfToken: string | undefined;
  /** HF_TOKEN_PATH: the file in which `hf auth login` keeps the token; used when there is no HF_TOKEN. */
  readonly hfTokenPath: string;
  /** HF_HUB_CACHE, else HF_HOME/hub, else ~/.cache/huggingface/hub. */
  readonly hfHubCache: string;
  /** HF_HUB_OFFLINE: use only what the cache holds. */
  readonly hfHubOffline: boolean;
  /** QUIRE_PLUGINS: names of the plugins that may be loaded; undefined: all that are found. */
  readonly pluginAllowList: readonly string[] | undefined;
  /** OPENAI_API_KEY: bearer token that `quire bench serve` sends. */
  readonly openaiApiKey: string | undefined;
  /** QUIRE_ENABLE_MULTIPROCESSING: not 0; see the option `engine`. */
  readonly multiprocessing: boolean;
  /** QUIRE_LOG_STATS_INTERVAL: seconds between two lines of figures; 10. */
  readonly logStatsInterval: number;
  /** OTEL_EXPORTER_OTLP_TRACES_PROTOCOL, else OTEL_EXPORTER_OTLP_PROTOCOL, else http/protobuf. */
  readonly otlpTracesProtocol: string;
  /** QUIRE_DEBUG: print stacks with errors. */
  readonly debug: boolean;
}

/** The process's variables, for `parseEngineConfig` and `parseServerConfig`. */
export function processEnvironment(): EnvironmentVariables {
  return process.env;
}

/** Reads the settings above. */
export function readEnvironment(variables: EnvironmentVariables = process.env): Environment {
  const get = (name: string): string | undefined => variables[name] || undefined;
  const isSet = (name: string): boolean => /^(1|true|yes|on)$/i.test(get(name) ?? "");
  const cache = get("XDG_CACHE_HOME") ?? join(homedir(), ".cache");
  const hfHome = expandHome(get("HF_HOME") ?? join(cache, "huggingface"));
  return {
    hfEndpoint: (get("HF_ENDPOINT") ?? "https://huggingface.co").replace(/\/+$/, ""),
    hfToken: get("HF_TOKEN")?.trim(),
    hfTokenPath: expandHome(get("HF_TOKEN_PATH") ?? join(hfHome, "token")),
    hfHubCache: expandHome(get("HF_HUB_CACHE") ?? get("HUGGINGFACE_HUB_CACHE") ?? join(hfHome, "hub")),
    hfHubOffline: isSet("HF_HUB_OFFLINE"),
    pluginAllowList: variables.QUIRE_PLUGINS?.split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
    openaiApiKey: get("OPENAI_API_KEY")?.trim(),
    multiprocessing: get("QUIRE_ENABLE_MULTIPROCESSING") !== "0",
    logStatsInterval: positive(get("QUIRE_LOG_STATS_INTERVAL")) ?? 10,
    otlpTracesProtocol:
      get("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") ?? get("OTEL_EXPORTER_OTLP_PROTOCOL") ?? "http/protobuf",
    debug: isSet("QUIRE_DEBUG"),
  };
}

function positive(text: string | undefined): number | undefined {
  const number = Number(text);
  return text !== undefined && number > 0 && number <= 86_400 ? number : undefined;
}

/** ~/models -> /home/me/models */
function expandHome(path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;
}
