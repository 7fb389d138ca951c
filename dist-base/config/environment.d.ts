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
    /** QUIRE_DEBUG: print stacks with errors. */
    readonly debug: boolean;
}
/** The process's variables, for `parseEngineConfig` and `parseServerConfig`. */
export declare function processEnvironment(): EnvironmentVariables;
/** Reads the settings above. */
export declare function readEnvironment(variables?: EnvironmentVariables): Environment;
